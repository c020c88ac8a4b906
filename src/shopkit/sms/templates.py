"""The texts of messages, in the words that the gateway has approved."""

from collections.abc import Mapping

from django.conf import settings

from .conf import sms_settings


def sms_text(*, purpose: str, language: str, **values: str) -> str:
    """Return the site's text for ``purpose`` in ``language``, its placeholders filled in.

    purpose -- key of ``SMS["TEMPLATES"]``; one that is not there uses "code"
    language -- such as "uz" or "ru-RU"; one without a text gets the site's language, else the first
    values -- what the templates name: {code}

    Raises ValueError for a placeholder that ``values`` lacks.
    """
    templates = sms_settings().TEMPLATES
    texts = templates.get(purpose) or templates["code"]
    try:
        return _in_language(texts, language).format(**values)
    except KeyError as missing:
        raise ValueError(f"The template of {purpose!r} needs a value for {missing}.") from None


def notice_text(*, kind: str, language: str) -> str:
    """Return the site's text of ``SMS["NOTICES"]`` for ``kind``, "" when it has none.

    kind -- one that is not there uses "changed"
    language -- as for ``sms_text``
    """
    notices = sms_settings().NOTICES
    texts = notices.get(kind) or notices.get("changed")
    return _in_language(texts, language) if texts else ""


def _in_language(texts: Mapping[str, str], language: str) -> str:
    folded = {code.lower(): text for code, text in texts.items()}
    for wanted in (language.lower(), settings.LANGUAGE_CODE.lower()):
        for code in (wanted, wanted.partition("-")[0]):
            if code in folded:
                return folded[code]
    return next(iter(folded.values()))
