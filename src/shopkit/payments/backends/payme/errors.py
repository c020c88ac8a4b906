"""What Payme wants to hear when something is wrong: codes, and texts in three languages."""

from collections.abc import Mapping

NOT_POST = -32300
NOT_JSON = -32700
BAD_REQUEST = -32600
UNKNOWN_METHOD = -32601
BAD_FISCAL_DATA = -32602
BAD_CREDENTIALS = -32504
OUR_FAILURE = -32400
UNKNOWN_RECEIPT = -32001
WRONG_AMOUNT = -31001
UNKNOWN_TRANSACTION = -31003
NOT_REFUNDABLE = -31007
WRONG_STATE = -31008
UNKNOWN_ORDER = -31050
NOT_PAYABLE = -31051
ALREADY_PAID = -31052
ACCOUNT_CODES = range(-31099, -31049)

#: Russian, Uzbek, English. Payme shows those of the account to the customer. They belong to the
#: protocol, so they do not follow the site's languages.
MESSAGES: Mapping[int, tuple[str, str, str]] = {
    NOT_POST: (
        "Метод запроса должен быть POST.",
        "So‘rov usuli POST bo‘lishi kerak.",
        "The request method must be POST.",
    ),
    NOT_JSON: (
        "Тело запроса не является JSON.",
        "So‘rov tanasi JSON emas.",
        "The body is not JSON.",
    ),
    BAD_REQUEST: (
        "В запросе нет обязательного поля или его тип неверен.",
        "So‘rovda majburiy maydon yo‘q yoki uning turi noto‘g‘ri.",
        "A member of the request is missing or of the wrong type.",
    ),
    UNKNOWN_METHOD: ("Метод не найден.", "Metod topilmadi.", "There is no such method."),
    BAD_FISCAL_DATA: (
        "Неверные фискальные данные.",
        "Fiskal ma’lumotlar noto‘g‘ri.",
        "The fiscal data are wrong.",
    ),
    BAD_CREDENTIALS: (
        "Недостаточно прав для выполнения метода.",
        "Metodni bajarish uchun huquq yetarli emas.",
        "The credentials do not allow this.",
    ),
    OUR_FAILURE: (
        "Системная ошибка. Повторите запрос позже.",
        "Tizim xatosi. So‘rovni keyinroq takrorlang.",
        "System error. Try again later.",
    ),
    UNKNOWN_RECEIPT: ("Чек не найден.", "Chek topilmadi.", "There is no such receipt."),
    WRONG_AMOUNT: ("Неверная сумма.", "Summa noto‘g‘ri.", "The amount is wrong."),
    UNKNOWN_TRANSACTION: (
        "Транзакция не найдена.",
        "Tranzaksiya topilmadi.",
        "There is no such transaction.",
    ),
    NOT_REFUNDABLE: (
        "Заказ уже отправлен, отменить оплату нельзя.",
        "Buyurtma jo‘natilgan, to‘lovni bekor qilib bo‘lmaydi.",
        "The order is on its way, so its payment cannot be cancelled.",
    ),
    WRONG_STATE: (
        "Состояние транзакции не позволяет выполнить операцию.",
        "Tranzaksiya holati bu amalga yo‘l qo‘ymaydi.",
        "The state of the transaction does not allow this.",
    ),
    UNKNOWN_ORDER: ("Заказ не найден.", "Buyurtma topilmadi.", "There is no such order."),
    NOT_PAYABLE: (
        "Заказ отменён, оплатить его нельзя.",
        "Buyurtma bekor qilingan, uni to‘lab bo‘lmaydi.",
        "The order was cancelled and cannot be paid.",
    ),
    ALREADY_PAID: ("Заказ уже оплачен.", "Buyurtma to‘langan.", "The order is already paid."),
}
BUSY = (
    "Заказ уже оплачивается другой транзакцией.",
    "Buyurtma boshqa tranzaksiya orqali to‘lanmoqda.",
    "Another transaction is paying for the order.",
)


class Wrong(Exception):
    """A call that makes no sense, or is not Payme's. Its answer is an error.

    data -- the member that is at fault, or the name of the unknown method
    """

    def __init__(self, code: int, *, data: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def texts_of(code: int, *, is_busy: bool = False) -> dict[str, str]:
    """Return the message of an error, as the protocol has it."""
    texts = BUSY if is_busy else MESSAGES[code]
    return dict(zip(("ru", "uz", "en"), texts, strict=True))
