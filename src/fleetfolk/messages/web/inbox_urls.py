"""One's own messages."""

from django.urls import path

from fleetfolk.messages.web import inbox

app_name = "inbox"
urlpatterns = [
    path("account/messages/", inbox.message_list, name="list"),
    path("account/messages/count/", inbox.count, name="count"),
    path("account/messages/ways/", inbox.channels, name="channels"),
    path("account/messages/<int:item_id>/", inbox.message, name="message"),
    path("account/messages/<int:item_id>/reply/", inbox.reply, name="reply"),
    path("account/messages/<int:item_id>/archive/", inbox.archive, name="archive"),
    path("account/messages/<int:item_id>/restore/", inbox.restore, name="restore"),
    path("messages/files/<int:attachment_id>/", inbox.attachment, name="file"),
    path("messages-off/<str:token>/", inbox.mail_off, name="mail-off"),
]
