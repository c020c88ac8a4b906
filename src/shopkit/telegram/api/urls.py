"""URLs of Telegram."""

from shopkit.core.api.routes import route

from .views import TelegramWebhookView

urlpatterns = [
    route("telegram/webhook/", TelegramWebhookView, name="telegram-webhook"),
]
