"""Karakalpak dates and numbers: "2026-jıl 26-noyabr", "1 500,50"."""

DATE_FORMAT = r"Y-\j\ı\l j-E"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = r"Y-\j\ı\l j-E, G:i"
YEAR_MONTH_FORMAT = r"Y-\j\ı\l, F"
MONTH_DAY_FORMAT = "j-E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1  # Monday

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y"]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S.%f",
    "%d.%m.%Y %H:%M",
]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"  # non-breaking space
NUMBER_GROUPING = 3
