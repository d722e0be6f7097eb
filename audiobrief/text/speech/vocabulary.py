"""Words for signs: currencies, units, abbreviations and acronyms of English news."""

from __future__ import annotations

#: Sign to singular, plural, and its hundredth part.
CURRENCIES: dict[str, tuple[str, str, tuple[str, str] | None]] = {
    "$": ("dollar", "dollars", ("cent", "cents")),
    "US$": ("US dollar", "US dollars", ("cent", "cents")),
    "A$": ("Australian dollar", "Australian dollars", ("cent", "cents")),
    "AU$": ("Australian dollar", "Australian dollars", ("cent", "cents")),
    "C$": ("Canadian dollar", "Canadian dollars", ("cent", "cents")),
    "NZ$": ("New Zealand dollar", "New Zealand dollars", ("cent", "cents")),
    "HK$": ("Hong Kong dollar", "Hong Kong dollars", ("cent", "cents")),
    "CA$": ("Canadian dollar", "Canadian dollars", ("cent", "cents")),
    "S$": ("Singapore dollar", "Singapore dollars", ("cent", "cents")),
    "R$": ("real", "reais", ("centavo", "centavos")),
    "Rs.": ("rupee", "rupees", None),
    "Rs": ("rupee", "rupees", None),
    "CHF": ("Swiss franc", "Swiss francs", None),
    "USD": ("US dollar", "US dollars", ("cent", "cents")),
    "EUR": ("euro", "euros", ("cent", "cents")),
    "GBP": ("pound", "pounds", ("penny", "pence")),
    "AUD": ("Australian dollar", "Australian dollars", ("cent", "cents")),
    "CAD": ("Canadian dollar", "Canadian dollars", ("cent", "cents")),
    "JPY": ("yen", "yen", None),
    "INR": ("rupee", "rupees", None),
    "\u20ac": ("euro", "euros", ("cent", "cents")),
    "\u00a3": ("pound", "pounds", ("penny", "pence")),
    "\u00a5": ("yen", "yen", None),
    "\u20b9": ("rupee", "rupees", None),
    "\u20a9": ("won", "won", None),
    "\u20bd": ("ruble", "rubles", None),
    "\u20ba": ("lira", "lira", None),
    "\u20aa": ("shekel", "shekels", None),
    "\u20a6": ("naira", "naira", None),
    "\u20b4": ("hryvnia", "hryvnias", None),
    "\u20b1": ("peso", "pesos", None),
    "\u0e3f": ("baht", "baht", None),
    "kr": ("krona", "kronor", None),
}
#: What stands after an amount, and the scale it means.
SCALES = {
    "trillion": "trillion", "billion": "billion", "million": "million", "thousand": "thousand",
    "trn": "trillion", "tn": "trillion", "bln": "billion", "bn": "billion", "mln": "million",
    "mn": "million", "b": "billion", "m": "million", "k": "thousand", "t": "trillion",
    "crore": "crore", "lakh": "lakh",
}  # fmt: skip
#: Sign to singular and plural.
UNITS = {
    "km/h": ("kilometer an hour", "kilometers an hour"),
    "kph": ("kilometer an hour", "kilometers an hour"),
    "mph": ("mile an hour", "miles an hour"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "m/s": ("meter per second", "meters per second"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "nm": ("nanometer", "nanometers"),
    "\u03bcm": ("micrometer", "micrometers"),
    "\u00b5m": ("micrometer", "micrometers"),
    "m": ("meter", "meters"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "mi": ("mile", "miles"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "\u03bcg": ("microgram", "micrograms"),
    "\u00b5g": ("microgram", "micrograms"),
    "mcg": ("microgram", "micrograms"),
    "g": ("gram", "grams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "cl": ("centiliter", "centiliters"),
    "dl": ("deciliter", "deciliters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "cc": ("CC", "CC"),
    "hp": ("horsepower", "horsepower"),
    "bhp": ("brake horsepower", "brake horsepower"),
    "rpm": ("RPM", "RPM"),
    "bpm": ("beat per minute", "beats per minute"),
    "W": ("watt", "watts"),
    "MW": ("megawatt", "megawatts"),
    "GW": ("gigawatt", "gigawatts"),
    "TW": ("terawatt", "terawatts"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "Wh": ("watt hour", "watt hours"),
    "MWh": ("megawatt hour", "megawatt hours"),
    "GWh": ("gigawatt hour", "gigawatt hours"),
    "TWh": ("terawatt hour", "terawatt hours"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "kV": ("kilovolt", "kilovolts"),
    "V": ("volt", "volts"),
    "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "PB": ("petabyte", "petabytes"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "mbps": ("megabit per second", "megabits per second"),
    "gbps": ("gigabit per second", "gigabits per second"),
    "Kbps": ("kilobit per second", "kilobits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "Mbit/s": ("megabit per second", "megabits per second"),
    "MB/s": ("megabyte per second", "megabytes per second"),
    "GB/s": ("gigabyte per second", "gigabytes per second"),
    "GHz": ("gigahertz", "gigahertz"),
    "MHz": ("megahertz", "megahertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "Hz": ("hertz", "hertz"),
    "dB": ("decibel", "decibels"),
    "ms": ("millisecond", "milliseconds"),
    "kJ": ("kilojoule", "kilojoules"),
    "kcal": ("kilocalorie", "kilocalories"),
    "kPa": ("kilopascal", "kilopascals"),
    "psi": ("PSI", "PSI"),
    "ppm": ("part per million", "parts per million"),
    "ha": ("hectare", "hectares"),
    "tsp": ("teaspoon", "teaspoons"),
    "tsps": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"),
    "tbsps": ("tablespoon", "tablespoons"),
    "Tbsp": ("tablespoon", "tablespoons"),
    "pt": ("pint", "pints"),
    "pts": ("point", "points"),
    "qt": ("quart", "quarts"),
    "gal": ("gallon", "gallons"),
    "kts": ("knot", "knots"),
    "kt": ("knot", "knots"),
    "mmHg": ("millimeter of mercury", "millimeters of mercury"),
    "hPa": ("hectopascal", "hectopascals"),
    "wks": ("week", "weeks"),
    "wk": ("week", "weeks"),
    "mths": ("month", "months"),
    "mth": ("month", "months"),
    "mo": ("month", "months"),
    "mos": ("month", "months"),
    "hrs": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "mins": ("minute", "minutes"),
    "min": ("minute", "minutes"),
    "secs": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "yrs": ("year", "years"),
    "yr": ("year", "years"),
    "\u00b0C": ("degree Celsius", "degrees Celsius"),
    "\u00b0 C": ("degree Celsius", "degrees Celsius"),
    "\u00b0c": ("degree Celsius", "degrees Celsius"),
    "\u2103": ("degree Celsius", "degrees Celsius"),
    "\u00baC": ("degree Celsius", "degrees Celsius"),
    "\u00b0F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "\u00b0 F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "\u2109": ("degree Fahrenheit", "degrees Fahrenheit"),
    "\u00baF": ("degree Fahrenheit", "degrees Fahrenheit"),
    "\u00b0": ("degree", "degrees"),
    **{
        f"{short}{mark}": (f"{power} {one}", f"{power} {many}")
        for short, one, many in (
            ("km", "kilometer", "kilometers"), ("cm", "centimeter", "centimeters"),
            ("mm", "millimeter", "millimeters"), ("m", "meter", "meters"), ("ft", "foot", "feet"),
            ("mi", "mile", "miles"), ("in", "inch", "inches"), ("yd", "yard", "yards"),
        )
        for mark, power in (
            ("\u00b2", "square"), ("2", "square"), ("\u00b3", "cubic"), ("3", "cubic"),
        )
    },
    **{
        f"{lead} {short}": (f"{power} {one}", f"{power} {many}")
        for lead, power in (("sq", "square"), ("sq.", "square"), ("cu", "cubic"), ("cu.", "cubic"))
        for short, one, many in (
            ("ft", "foot", "feet"), ("km", "kilometer", "kilometers"), ("m", "meter", "meters"),
            ("mi", "mile", "miles"), ("in", "inch", "inches"), ("yd", "yard", "yards"),
        )
    },
}  # fmt: skip
#: After a number and a slash.
PER = {
    "mo": "month", "month": "month", "yr": "year", "year": "year", "wk": "week", "week": "week",
    "day": "day", "d": "day", "hr": "hour", "h": "hour", "hour": "hour", "min": "minute",
    "minute": "minute", "sec": "second", "second": "second", "kg": "kilogram", "g": "gram",
    "lb": "pound", "oz": "ounce", "ton": "ton", "tonne": "tonne", "km": "kilometer", "mi": "mile",
    "mile": "mile", "m": "meter", "ft": "foot", "l": "liter", "gal": "gallon", "gallon": "gallon",
    "night": "night", "person": "person", "user": "user", "seat": "seat", "head": "head",
    "share": "share", "barrel": "barrel", "bbl": "barrel", "kWh": "kilowatt hour",
    "MWh": "megawatt hour", "ml": "milliliter", "dl": "deciliter", "unit": "unit",
}  # fmt: skip
#: Only those that engines read wrongly, or that mean one thing in news.
ABBREVIATIONS = {
    "Cllr.": "Councillor", "Cllrs.": "Councillors",
    "Sen.": "Senator", "Sens.": "Senators", "Rep.": "Representative", "Reps.": "Representatives",
    "Gov.": "Governor", "Govs.": "Governors", "Lt. Gov.": "Lieutenant Governor",
    "Lt. Col.": "Lieutenant Colonel", "Lt. Gen.": "Lieutenant General",
    "Lt. Cmdr.": "Lieutenant Commander", "Maj. Gen.": "Major General",
    "Brig. Gen.": "Brigadier General", "Brig.": "Brigadier", "Gen.": "General",
    "Lt.": "Lieutenant", "Col.": "Colonel", "Maj.": "Major", "Capt.": "Captain", "Cpt.": "Captain",
    "Sgt.": "Sergeant", "Cpl.": "Corporal", "Pvt.": "Private", "Pfc.": "Private first class",
    "Cmdr.": "Commander", "Adm.": "Admiral", "Supt.": "Superintendent", "Insp.": "Inspector",
    "Det.": "Detective", "Rev.": "Reverend", "Fr.": "Father", "Hon.": "Honorable",
    "Pres.": "President", "Amb.": "Ambassador", "Atty.": "Attorney", "Asst.": "Assistant",
    "Assoc.": "Associate", "Prof.": "Professor", "Profs.": "Professors", "Dr.": "Doctor",
    "Drs.": "Doctors", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Messrs.": "Messieurs",
    "Mme.": "Madame", "Mlle.": "Mademoiselle", "Jr.": "Junior", "Sr.": "Senior", "Inc.": "Inc",
    "Corp.": "Corporation", "Co.": "Company", "Cos.": "Companies", "Bros.": "Brothers",
    "Ltd.": "Limited", "vs.": "versus", "etc.": "and so on", "e.g.": "for example",
    "i.e.": "that is", "a.k.a.": "also known as", "et al.": "and others", "cf.": "compare",
    "viz.": "namely", "approx.": "approximately", "incl.": "including",
    "Dept.": "Department", "Univ.": "University", "Assn.": "Association", "Mt.": "Mount",
    "Ft.": "Fort", "Ave.": "Avenue", "Blvd.": "Boulevard", "Rd.": "Road", "Hwy.": "Highway",
    "Expy.": "Expressway", "Pkwy.": "Parkway", "Op.": "Opus", "op.": "opus", "Vol.": "Volume",
    "vol.": "volume", "Ph.D.": "PhD", "Ph.D": "PhD", "Ed.D.": "EdD", "Psy.D.": "PsyD",
}  # fmt: skip
#: Titles that British papers print without a point; only before a name.
TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Dr": "Doctor", "Prof": "Professor",
    "Lt": "Lieutenant", "Gen": "General", "Col": "Colonel", "Maj": "Major", "Capt": "Captain",
    "Sgt": "Sergeant", "Cpl": "Corporal", "Rev": "Reverend", "Supt": "Superintendent",
    "Insp": "Inspector", "Cllr": "Councillor",
}  # fmt: skip
#: In addresses, after a number and a name.
STREETS = {
    "st": "Street", "ave": "Avenue", "av": "Avenue", "blvd": "Boulevard", "rd": "Road",
    "dr": "Drive", "ln": "Lane", "ct": "Court", "pl": "Place", "sq": "Square", "hwy": "Highway",
    "expy": "Expressway", "expwy": "Expressway", "pkwy": "Parkway", "ter": "Terrace",
    "cir": "Circle", "fwy": "Freeway", "tpke": "Turnpike", "street": "Street",
    "avenue": "Avenue", "road": "Road", "drive": "Drive", "lane": "Lane", "boulevard": "Boulevard",
}  # fmt: skip
DIRECTIONS = {
    "N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "NW": "Northwest",
    "SE": "Southeast", "SW": "Southwest",
}  # fmt: skip
#: Postal code, the abbreviation of American newspapers (none for the short names), name.
_STATES = """
    AL Ala. Alabama|AK - Alaska|AZ Ariz. Arizona|AR Ark. Arkansas|CA Calif. California
    |CO Colo. Colorado|CT Conn. Connecticut|DE Del. Delaware|FL Fla. Florida|GA Ga. Georgia
    |HI - Hawaii|ID - Idaho|IL Ill. Illinois|IN Ind. Indiana|IA - Iowa|KS Kan. Kansas
    |KY Ky. Kentucky|LA La. Louisiana|ME - Maine|MD Md. Maryland|MA Mass. Massachusetts
    |MI Mich. Michigan|MN Minn. Minnesota|MS Miss. Mississippi|MO Mo. Missouri|MT Mont. Montana
    |NE Neb. Nebraska|NV Nev. Nevada|NH N.H. New Hampshire|NJ N.J. New Jersey
    |NM N.M. New Mexico|NY N.Y. New York|NC N.C. North Carolina|ND N.D. North Dakota
    |OH - Ohio|OK Okla. Oklahoma|OR Ore. Oregon|PA Pa. Pennsylvania|RI R.I. Rhode Island
    |SC S.C. South Carolina|SD S.D. South Dakota|TN Tenn. Tennessee|TX - Texas|UT - Utah
    |VT Vt. Vermont|VA Va. Virginia|WA Wash. Washington|WV W.Va. West Virginia|WI Wis. Wisconsin
    |WY Wyo. Wyoming
"""
STATES = {
    short: " ".join(name.split())
    for code, press, name in (state.split(maxsplit=2) for state in _STATES.split("|"))
    for short in (code, press)
    if short != "-"
}
#: Names that kings, queens and popes have had: what follows them is an ordinal from one on.
_REGNAL = """
    Albert Alexander Alexis Alfonso Benedict Boniface Carl Catherine Charles Christian Clement
    Constantine Edward Elizabeth Emperor Felipe Ferdinand Francis Franz Frederick Friedrich George
    Gregory Gustav Harald Henri Henry Innocent Isabella Ivan James Joseph Julius King Leo Leopold
    Louis Margrethe Mary Mehmed Napoleon Nicholas Otto Paul Pedro Peter Philip Philippe Pius Pope
    Prince Queen Ramses Richard Robert Rudolf Sixtus Sultan Tsar Urban Victor Vittorio Wilhelm
    William
"""
REGNAL_NAMES = frozenset(_REGNAL.split())
_SPELLED = """
    AA AC ACLU AD AFC AFD AFL AFP AG AGM AIG ANC AP APT ATF ATP AV BCE BSE CE COO CUNY DEA DOT DUI
    DUP ECB ECG ED EDF EEG EMS EMT EPA EPS ER ERA ESA ESG ESPN ETF EUR EV FAA FAQ GOP HBO IAEA
    ICC ICJ ICU IDF IED IFC ILO IMF ING IOC IOM IPA IPO IQ IRA IS ISI ISO ITV IV IVF KGB LA LED
    MEP MI
    MPAA NAACP NCAA NDA NGO NIH NRA NSPCC NYU OAS OCHA ODI OSCE OT PA PE PLA PLO PR RAC RAF ROI
    SAG SAT SEC SEO TSA TUC UAE UAW UBS UEA UFC UPI USC USOC UTI UX VAT VIP WHO YMCA YPG YPJ
"""
_BY_HEART = """
    AAA ABC ADHD AI AM API ATM BMI CDU CEO CFO CIA CIO CPI CPU CTO DIY DNA DOJ EDT EST EU FBI FDA
    GPU HIV IBM ID IMO IPCC IRS ISP IT MIT MMA MRI NBA NSA OCD OECD OK PGA PM RBI RNA RSPCA
    RSVP SUV UCLA UFO UI UK UN UNHCR URL US USA USB USD USDA USSR UV WTA WWE
"""
_SAID = """
    AIDS AIPAC ANSI ANZAC ASEAN ASUS AWACS BAFTA BRICS CAD CERN CONCACAF COVID DACA DARPA DEFRA FEMA
    FIFA FOMO GAAP GIF HAMAS HIPAA HUD ICE IKEA INTERPOL ISIS ISIL JPEG LAN LEGO LIDAR MAGA MERS
    MIG MOMA NAFTA NASA NASCAR NASDAQ NATO NIMBY NOAA NORAD OPEC OSHA OXFAM PETA PIN POTUS QANTAS
    RADAR RAM ROM SARS SCOTUS SIM SONAR STEM SWAT TASER UEFA UKIP UNESCO UNICEF UNIFIL UNRWA USAID
    WADA WASP YOLO ZIP
"""
#: Said letter by letter by every voice, so that they can stand as printed (espeak-ng 1.52 does).
KNOWN_BY_HEART = frozenset(_BY_HEART.split())
#: Said letter by letter, whether a voice would read a word or not.
ACRONYMS = KNOWN_BY_HEART | frozenset(_SPELLED.split())
#: Said as words, whatever a text says about their letters.
SAID_ACRONYMS = frozenset(_SAID.split())
_SHORT = """
    act add age ago air ape arm art ask bad bag bar bat bed bet big bit box boy bus buy cab can cap
    car cat cow cry cup cut dad day die dog dry due ear eat egg end eye fan far fat fit fix fly fun
    gas get go god gun guy hat hey hi hit hot how ice ill job joy key kid law lay leg let lie lot
    low mad man map max men met mix mom mum net new next nor nut oh oil old one own pan pay pet pop
    pot put ran raw red rid row run sad sat saw sea see set sex she sit six sky son sue sum sun tax
    tea ten the tie tip top toy try two use van vow war way web wet who why win won yes yet zoo
"""
#: Common words of two and three letters: in capitals they are shouted, not spelled.
SHORT_WORDS = frozenset(_SHORT.split()) - {"who", "sat"}
MONTH_NAMES = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Weds": "Wednesday",
    "Thu": "Thursday",
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
