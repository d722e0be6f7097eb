"""Files -> where listeners get them: folders, object stores, machines reached by SSH.

What is to be there and what is there become a plan (pure); the plan is carried out in an order in
which the feed at the target never names a file that is not there.
"""
