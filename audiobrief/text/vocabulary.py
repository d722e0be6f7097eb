"""Words for signs: currencies, units, abbreviations and acronyms of English news."""

from __future__ import annotations

#: Sign to singular, plural, and its hundredth part.
CURRENCIES: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "$": ("dollar", "dollars", ("cent", "cents")),
    "US$": ("U S dollar", "U S dollars", ("cent", "cents")),
    "A$": ("Australian dollar", "Australian dollars", ("cent", "cents")),
    "AU$": ("Australian dollar", "Australian dollars", ("cent", "cents")),
    "C$": ("Canadian dollar", "Canadian dollars", ("cent", "cents")),
    "NZ$": ("New Zealand dollar", "New Zealand dollars", ("cent", "cents")),
    "HK$": ("Hong Kong dollar", "Hong Kong dollars", ("cent", "cents")),
    "\u20ac": ("euro", "euros", ("cent", "cents")),
    "\u00a3": ("pound", "pounds", ("penny", "pence")),
    "\u00a5": ("yen", "yen", None),
    "\u20b9": ("rupee", "rupees", None),
    "\u20a9": ("won", "won", None),
    "\u20bd": ("ruble", "rubles", None),
    "\u20ba": ("lira", "lira", None),
    "\u20aa": ("shekel", "shekels", None),
}
#: What stands after an amount, and the scale it means.
SCALES = {
    "trillion": "trillion", "billion": "billion", "million": "million", "thousand": "thousand",
    "trn": "trillion", "tn": "trillion", "bln": "billion", "bn": "billion", "mln": "million",
    "mn": "million", "b": "billion", "m": "million", "k": "thousand", "t": "trillion",
}  # fmt: skip
#: Sign to singular and plural.
UNITS = {
    "km/h": ("kilometer an hour", "kilometers an hour"),
    "kph": ("kilometer an hour", "kilometers an hour"),
    "mph": ("mile an hour", "miles an hour"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "m\u00b2": ("square meter", "square meters"),
    "km\u00b2": ("square kilometer", "square kilometers"),
    "m": ("meter", "meters"),
    "m\u00b3": ("cubic meter", "cubic meters"),
    "cm\u00b2": ("square centimeter", "square centimeters"),
    "ft": ("foot", "feet"),
    "mi": ("mile", "miles"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("milliliter", "milliliters"),
    "MW": ("megawatt", "megawatts"),
    "GW": ("gigawatt", "gigawatts"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "GHz": ("gigahertz", "gigahertz"),
    "MHz": ("megahertz", "megahertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "Hz": ("hertz", "hertz"),
    "sq ft": ("square foot", "square feet"),
    "sq km": ("square kilometer", "square kilometers"),
    "\u00b0C": ("degree Celsius", "degrees Celsius"),
    "\u00b0F": ("degree Fahrenheit", "degrees Fahrenheit"),
}
#: Only those that engines read wrongly, or that mean one thing in news.
ABBREVIATIONS = {
    "Sen.": "Senator", "Sens.": "Senators", "Rep.": "Representative", "Reps.": "Representatives",
    "Gov.": "Governor", "Lt. Gov.": "Lieutenant Governor", "Gen.": "General", "Lt.": "Lieutenant",
    "Col.": "Colonel", "Maj.": "Major", "Capt.": "Captain", "Sgt.": "Sergeant", "Rev.": "Reverend",
    "Prof.": "Professor", "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz",
    "Jr.": "Junior", "Sr.": "Senior", "Inc.": "Inc", "Corp.": "Corporation",
    "Co.": "Company", "Ltd.": "Limited", "vs.": "versus", "etc.": "and so on",
    "e.g.": "for example",
    "i.e.": "that is", "approx.": "approximately", "Dept.": "Department",
    "Mt.": "Mount", "Ave.": "Avenue", "Blvd.": "Boulevard",
}  # fmt: skip
_SPELLED = """
    US USA UK UN EU UAE IS WHO AI IT IMF FBI CIA IRS GOP ATM IPO CEO CFO COO BBC ABC CBS NBC CNN SBS
    AFP AP RAF IRA PLO PKK ICU ER IQ ID TV PC PR HR GPS NGO MP PM QC VIP DIY IVF HIV EPA FDA FAA SEC
    NHS AA USD EUR GBP OK UFO IOC USSR DUI EV IV II DNA RNA MRI API URL CIO CTO IAEA UNHCR UEA AFL
"""
#: Said letter by letter although they have a vowel.
ACRONYMS = frozenset(_SPELLED.split())
MONTH_NAMES = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
    "Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
#: What is counted in millions: after one of them, "5 m" is no length.
COUNTED_NOUNS = (
    "people|users|votes|voters|cars|vehicles|barrels|tons|tonnes|dollars|euros|pounds|yen|jobs"
    "|homes|households|customers|subscribers|viewers|readers|views|downloads|copies|units|shares"
    "|workers|children|visitors|tourists|residents|passengers|patients|doses|tests|cases|deaths"
    "|refugees|followers|members|streams|accounts|words|documents|records|trees|acres|hectares"
)
#: Distances that are run or swum, in meters.
_DISTANCES = "50 60 100 110 200 400 800 1500 3000 5000 10000"
SPORT_DISTANCES = frozenset(_DISTANCES.split())
