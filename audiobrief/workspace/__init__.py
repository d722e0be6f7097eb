"""A workspace: ``audiobrief.toml``, voice profiles, and where everything lies."""
