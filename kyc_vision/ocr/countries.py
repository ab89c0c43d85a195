"""Countries as a foreigner's card may print them, and the one that a reading means.

Source: the members and observers of the United Nations, Hong Kong, Macao, Kosovo and Taiwan, by their short English
names and, where those differ, the Indonesian ones. How the card spells a country is not laid down in what we have
seen, so a name is only cleared of slips, never translated.
"""

from __future__ import annotations

from rapidfuzz import fuzz, process

#: A name is taken when this share of letters agrees, in percent, and the second has so much less: AUSTRIA and
#: AUSTRALIA agree by 88, so one letter lost from the longer one must not be enough.
MIN_AGREEMENT, MIN_LEAD = 85.0, 5.0

COUNTRIES = (
    "AFGHANISTAN", "ALBANIA", "ALGERIA", "ANDORRA", "ANGOLA", "ANTIGUA AND BARBUDA", "ARGENTINA", "ARMENIA",
    "AUSTRALIA", "AUSTRIA", "AZERBAIJAN", "BAHAMAS", "BAHRAIN", "BANGLADESH", "BARBADOS", "BELARUS", "BELGIUM",
    "BELIZE", "BENIN", "BHUTAN", "BOLIVIA", "BOSNIA AND HERZEGOVINA", "BOTSWANA", "BRAZIL", "BRUNEI",
    "BRUNEI DARUSSALAM", "BULGARIA", "BURKINA FASO", "BURUNDI", "CABO VERDE", "CAMBODIA", "CAMEROON", "CANADA",
    "CENTRAL AFRICAN REPUBLIC", "CHAD", "CHILE", "CHINA", "COLOMBIA", "COMOROS", "CONGO", "COSTA RICA",
    "CROATIA", "CUBA", "CYPRUS", "CZECHIA", "CZECH REPUBLIC", "DEMOCRATIC REPUBLIC OF THE CONGO", "DENMARK",
    "DJIBOUTI", "DOMINICA", "DOMINICAN REPUBLIC", "ECUADOR", "EGYPT", "EL SALVADOR", "EQUATORIAL GUINEA", "ERITREA",
    "ESTONIA", "ESWATINI", "ETHIOPIA", "FIJI", "FINLAND", "FRANCE", "GABON", "GAMBIA", "GEORGIA", "GERMANY", "GHANA",
    "GREECE", "GRENADA", "GUATEMALA", "GUINEA", "GUINEA-BISSAU", "GUYANA", "HAITI", "HOLY SEE", "HONDURAS",
    "HONG KONG", "HUNGARY", "ICELAND", "INDIA", "IRAN", "IRAQ", "IRELAND", "ISRAEL", "ITALY", "IVORY COAST",
    "JAMAICA", "JAPAN", "JORDAN", "KAZAKHSTAN", "KENYA", "KIRIBATI", "KOREA", "KOSOVO", "KUWAIT", "KYRGYZSTAN",
    "LAOS", "LATVIA", "LEBANON", "LESOTHO", "LIBERIA", "LIBYA", "LIECHTENSTEIN", "LITHUANIA", "LUXEMBOURG", "MACAO",
    "MADAGASCAR", "MALAWI", "MALAYSIA", "MALDIVES", "MALI", "MALTA", "MARSHALL ISLANDS", "MAURITANIA", "MAURITIUS",
    "MEXICO", "MICRONESIA", "MOLDOVA", "MONACO", "MONGOLIA", "MONTENEGRO", "MOROCCO", "MOZAMBIQUE", "MYANMAR",
    "NAMIBIA", "NAURU", "NEPAL", "NETHERLANDS", "NEW ZEALAND", "NICARAGUA", "NIGER", "NIGERIA", "NORTH KOREA",
    "NORTH MACEDONIA", "NORWAY", "OMAN", "PAKISTAN", "PALAU", "PALESTINE", "PANAMA", "PAPUA NEW GUINEA", "PARAGUAY",
    "PERU", "PHILIPPINES", "POLAND", "PORTUGAL", "QATAR", "ROMANIA", "RUSSIA", "RUSSIAN FEDERATION", "RWANDA",
    "SAINT KITTS AND NEVIS", "SAINT LUCIA", "SAINT VINCENT AND THE GRENADINES", "SAMOA", "SAN MARINO",
    "SAO TOME AND PRINCIPE", "SAUDI ARABIA", "SENEGAL", "SERBIA", "SEYCHELLES", "SIERRA LEONE", "SINGAPORE",
    "SLOVAKIA", "SLOVENIA", "SOLOMON ISLANDS", "SOMALIA", "SOUTH AFRICA", "SOUTH KOREA", "SOUTH SUDAN", "SPAIN",
    "SRI LANKA", "SUDAN", "SURINAME", "SWEDEN", "SWITZERLAND", "SYRIA", "TAIWAN", "TAJIKISTAN", "TANZANIA",
    "THAILAND", "TIMOR-LESTE", "TOGO", "TONGA", "TRINIDAD AND TOBAGO", "TUNISIA", "TURKEY", "TURKIYE",
    "TURKMENISTAN", "TUVALU", "UGANDA", "UKRAINE", "UNITED ARAB EMIRATES", "UNITED KINGDOM", "UNITED STATES",
    "UNITED STATES OF AMERICA", "URUGUAY", "UZBEKISTAN", "VANUATU", "VENEZUELA", "VIETNAM", "YEMEN",
    "ZAMBIA", "ZIMBABWE",
    "AFRIKA SELATAN", "AMERIKA SERIKAT", "ARAB SAUDI", "BELANDA", "BELGIA", "BRASIL", "CEKO", "FILIPINA",
    "FINLANDIA", "HUNGARIA", "INGGRIS", "IRAK", "IRLANDIA", "ITALIA", "JEPANG", "JERMAN", "KAMBOJA", "KANADA",
    "KOREA SELATAN", "KOREA UTARA", "MAROKO", "MEKSIKO", "MESIR", "NORWEGIA", "PALESTINA", "PAPUA NUGINI",
    "PERANCIS", "POLANDIA", "PRANCIS", "RUMANIA", "RUSIA", "SELANDIA BARU", "SINGAPURA", "SPANYOL", "SUDAN SELATAN",
    "SURIAH", "SWEDIA", "SWISS", "TIONGKOK", "TURKI", "UNI EMIRAT ARAB", "YAMAN", "YORDANIA",
    "YUNANI",
)  # fmt: skip
_LETTERS = {name.replace(" ", "").replace("-", ""): name for name in reversed(COUNTRIES)}


def nearest_country(text: str) -> str | None:
    """The country that a reading in capitals means, spaces and strokes left out; None when none is near enough."""
    letters = text.replace(" ", "").replace("-", "")
    if letters in _LETTERS:
        return _LETTERS[letters]
    (name, best, _), (_, second, _) = process.extract(letters, _LETTERS.keys(), scorer=fuzz.ratio, limit=2)
    return _LETTERS[name] if best >= MIN_AGREEMENT and best - second >= MIN_LEAD else None
