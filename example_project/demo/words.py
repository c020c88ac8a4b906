"""What colours and materials of the demo are called: (Uzbek, Karakalpak, Russian).

Sizes, amounts of memory and brands are the same everywhere.
"""

LANGUAGES = ("uz", "kaa", "ru")

WORDS: dict[str, tuple[str, str, str]] = {
    "Black": ("Qora", "Qara", "Чёрный"),
    "White": ("Oq", "Aq", "Белый"),
    "Grey": ("Kulrang", "Kúlreń", "Серый"),
    "Silver": ("Kumushrang", "Gúmisreń", "Серебристый"),
    "Navy": ("Toʻq koʻk", "Toq kók", "Тёмно-синий"),
    "Blue": ("Koʻk", "Kók", "Синий"),
    "Turquoise": ("Feruza rang", "Feruza reń", "Бирюзовый"),
    "Green": ("Yashil", "Jasıl", "Зелёный"),
    "Red": ("Qizil", "Qızıl", "Красный"),
    "Burgundy": ("Toʻq qizil", "Toq qızıl", "Бордовый"),
    "Pink": ("Pushti", "Ashıq qızıl", "Розовый"),
    "Mustard": ("Xantal rang", "Gorchica reń", "Горчичный"),
    "Beige": ("Och jigarrang", "Ashıq qońır", "Бежевый"),
    "Brown": ("Jigarrang", "Qońır", "Коричневый"),
    "Cotton": ("Paxta", "Paxta", "Хлопок"),
    "Linen": ("Zigʻir", "Zıǵır", "Лён"),
    "Silk": ("Ipak", "Jipek", "Шёлк"),
    "Silk and cotton": ("Ipak va paxta", "Jipek hám paxta", "Шёлк и хлопок"),
    "Wool": ("Jun", "Jún", "Шерсть"),
    "Camel wool": ("Tuya juni", "Túye júni", "Верблюжья шерсть"),
    "Felt": ("Kigiz", "Kiyiz", "Войлок"),
    "Fleece": ("Flis", "Flis", "Флис"),
    "Denim": ("Jinsi", "Djinsi", "Деним"),
    "Polyester": ("Poliester", "Poliester", "Полиэстер"),
    "Leather": ("Charm", "Teri", "Кожа"),
    "Canvas": ("Brezent", "Brezent", "Парусина"),
    "Wood": ("Yogʻoch", "Aǵash", "Дерево"),
    "Reed": ("Qamish", "Qamıs", "Тростник"),
    "Ceramic": ("Sopol", "Sopol", "Керамика"),
    "Porcelain": ("Chinni", "Farfor", "Фарфор"),
    "Brass": ("Jez", "Jez", "Латунь"),
    "Steel": ("Poʻlat", "Polat", "Сталь"),
    "Enamelled steel": ("Sirlangan poʻlat", "Sırlanǵan polat", "Эмалированная сталь"),
    "Cast iron": ("Choʻyan", "Shoyın", "Чугун"),
    "Aluminium": ("Alyuminiy", "Alyuminiy", "Алюминий"),
    "Plastic": ("Plastmassa", "Plastmassa", "Пластик"),
}


def translations_of(value: str) -> dict[str, dict[str, str]]:
    """Return the translations of a value; none for one that is the same everywhere."""
    words = WORDS.get(value, ())
    return {language: {"value": word} for language, word in zip(LANGUAGES, words, strict=False)}
