"""The bot's words. A plain table: the person's Telegram chooses, not the site's translations."""

from django.conf import settings

from shopkit.accounts.conf import LANGUAGES

LANGUAGE_NAMES = {
    "uz": "O‘zbekcha",
    "kaa": "Qaraqalpaqsha",
    "ru": "Русский",
    "en": "English",
}

TEXTS: dict[str, dict[str, str]] = {
    "hello": {
        "uz": "Salom! Kirish kodini olish uchun pastdagi tugma bilan raqamingizni yuboring.",
        "kaa": "Sálem! Kiriw kodın alıw ushın tómendegi túyme menen telefon nomerińizdi jiberiń.",
        "ru": "Здравствуйте! Чтобы получить код для входа, отправьте свой номер кнопкой ниже.",
        "en": "Hello! To get a code for signing in, send your phone number by the button below.",
    },
    "hello_link": {
        "uz": "Saytga kirish so‘raldi. Buni siz so‘ragan bo‘lsangiz, pastdagi tugma bilan telefon "
        "raqamingizni yuboring: kod shu yerga keladi. So‘ramagan bo‘lsangiz, hech narsa qilmang "
        "va kodni hech kimga aytmang.",
        "kaa": "Saytqa kiriw soraldı. Bunı siz soraǵan bolsańız, tómendegi túyme menen telefon "
        "nomerińizdi jiberiń: kod usı jerge keledi. Soramaǵan bolsańız, hesh nárse islemeń "
        "hám kodtı heshkimge aytpań.",
        "ru": "Запрошен вход на сайт. Если это вы, отправьте свой номер кнопкой ниже: код придёт "
        "сюда. Если это не вы, ничего не делайте и никому не сообщайте код.",
        "en": "Somebody asked to sign in. If it was you, send your phone number by the button "
        "below: the code comes here. If it was not, do nothing and tell no code to anyone.",
    },
    "known": {
        "uz": "Xush kelibsiz! Kod olish uchun tugmani bosing yoki /login yuboring. "
        "To‘xtatish: /stop",
        "kaa": "Xosh kelipsiz! Kod alıw ushın túymeni basıń yamasa /login jiberiń. Toqtatıw: /stop",
        "ru": "С возвращением! Чтобы получить код, нажмите кнопку или отправьте /login. "
        "Прекратить: /stop",
        "en": "Welcome back! Press the button or send /login to get a code. To end this: /stop",
    },
    "share": {
        "uz": "📱 Raqamimni yuborish",
        "kaa": "📱 Nomerimdi jiberiw",
        "ru": "📱 Отправить мой номер",
        "en": "📱 Send my number",
    },
    "get_code": {
        "uz": "🔑 Kod olish",
        "kaa": "🔑 Kod alıw",
        "ru": "🔑 Получить код",
        "en": "🔑 Get a code",
    },
    "not_own": {
        "uz": "Bu sizning raqamingiz emas yoki uni tekshirib bo‘lmadi. Faqat pastdagi tugma orqali "
        "o‘z raqamingizni yuboring.",
        "kaa": "Bul sizdiń nomerińiz emes yamasa onı tekseriw múmkin bolmadı. Tek tómendegi túyme "
        "arqalı óz nomerińizdi jiberiń.",
        "ru": "Это не ваш номер, или его нельзя проверить. Отправьте свой номер кнопкой ниже.",
        "en": "This is not your number, or nobody can tell. Send your own by the button below.",
    },
    "bad_phone": {
        "uz": "Bu raqamdan foydalanib bo‘lmaydi.",
        "kaa": "Bul nomerden paydalanıw múmkin emes.",
        "ru": "Этим номером воспользоваться нельзя.",
        "en": "This number cannot be used.",
    },
    "elsewhere": {
        "uz": "Bu raqam boshqa Telegram hisobiga bog‘langan. O‘sha hisobdan /stop yuboring yoki "
        "saytga SMS orqali kiring.",
        "kaa": "Bul nomer basqa Telegram akkauntına baylanısqan. Sol akkaunttan /stop jiberiń "
        "yamasa saytqa SMS arqalı kiriń.",
        "ru": "Этот номер связан с другим аккаунтом Telegram. Отправьте /stop оттуда или войдите "
        "на сайт по СМС.",
        "en": "This number is linked to another Telegram account. Send /stop from there, or sign "
        "in by SMS.",
    },
    "wait_seconds": {
        "uz": "Kod yuborilgan. Yangi kodni %(seconds)d soniyadan keyin so‘rash mumkin.",
        "kaa": "Kod jiberilgen. Jańa kodtı %(seconds)d sekundtan keyin soraw múmkin.",
        "ru": "Код уже отправлен. Новый можно запросить через %(seconds)d с.",
        "en": "A code was sent already. You can ask for a new one in %(seconds)d seconds.",
    },
    "wait_minutes": {
        "uz": "Juda ko‘p so‘rov. %(minutes)d daqiqadan keyin urinib ko‘ring.",
        "kaa": "Júdá kóp soraw. %(minutes)d minuttan keyin urınıp kóriń.",
        "ru": "Слишком много запросов. Попробуйте через %(minutes)d мин.",
        "en": "Too many requests. Try again in %(minutes)d minutes.",
    },
    "stop_unlinked": {
        "uz": "Telegram hisobingizdan uzildi. Qaytish uchun: /start",
        "kaa": "Telegram akkauntıńızdan úzildi. Qaytıw ushın: /start",
        "ru": "Telegram отвязан от вашего аккаунта. Вернуться: /start",
        "en": "Telegram is no longer linked to your account. To come back: /start",
    },
    "stop_silenced": {
        "uz": "Endi xabar kelmaydi. Kirish usuli sifatida Telegram qoladi; kod uchun: /login",
        "kaa": "Endi xabar kelmeydi. Kiriw usılı sıpatında Telegram qaladı; kod ushın: /login",
        "ru": "Сообщений больше не будет. Вход через Telegram остаётся; за кодом: /login",
        "en": "No more messages. Telegram stays your way to sign in; for a code: /login",
    },
    "stop_needed": {
        "uz": "Ikkinchi bosqich kodi shu yerga keladi. Avval uni saytdagi profilingizda o‘chiring.",
        "kaa": "Ekinshi basqısh kodı usı jerge keledi. Dáslep onı sayttaǵı profilińizde óshiriń.",
        "ru": "Сюда приходит второй фактор входа. Сначала отключите его в профиле на сайте.",
        "en": "Your second factor comes here. Switch it off in your profile on the site first.",
    },
    "stop_unknown": {
        "uz": "Bu yerda hech narsa bog‘lanmagan. Boshlash uchun: /start",
        "kaa": "Bul jerde hesh nárse baylanıspaǵan. Baslaw ushın: /start",
        "ru": "Здесь ничего не связано. Начать: /start",
        "en": "Nothing is linked here. To begin: /start",
    },
}


def text_of(key: str, language: str) -> str:
    """Return the bot's words for ``key``; unfilled where they have places to fill."""
    return TEXTS[key][language if language in LANGUAGES else default_language()]


def is_login_word(text: str) -> bool:
    """Say whether ``text`` is what the button for a code sends, in any language."""
    return text in TEXTS["get_code"].values()


def default_language() -> str:
    """Return the site's language where the bot speaks it, else English."""
    primary = settings.LANGUAGE_CODE.lower().partition("-")[0]
    return primary if primary in LANGUAGES else "en"
