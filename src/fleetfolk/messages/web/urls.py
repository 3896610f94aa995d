"""The console's pages of messages."""

from django.urls import path

from fleetfolk.messages.web import (
    compose,
    message_acts,
    message_list,
    message_page,
    person_messages,  # noqa: F401 - it registers
    text_templates,
)

app_name = "messages"
urlpatterns = [
    path("messages/", message_list.message_list, name="list"),
    path("messages/new/", compose.new_message, name="new"),
    path("messages/templates/", text_templates.template_list, name="templates"),
    path("messages/templates/new/", text_templates.create_template, name="new-template"),
    path("messages/templates/<int:template_id>/", text_templates.edit_template, name="edit-template"),
    path("messages/templates/<int:template_id>/delete/", text_templates.delete_template, name="delete-template"),
    path("messages/people/", compose.find_people, name="people"),
    path("messages/preview/", compose.preview, name="preview"),
    path("messages/<int:message_id>/", message_page.message_page, name="detail"),
    path("messages/<int:message_id>/edit/", compose.edit_message, name="edit"),
    path("messages/<int:message_id>/send/", message_acts.send, name="send"),
    path("messages/<int:message_id>/cancel/", message_acts.cancel, name="cancel"),
    path("messages/<int:message_id>/delete/", message_acts.delete, name="delete"),
    path("messages/<int:message_id>/copy/", message_acts.copy, name="copy"),
    path("messages/<int:message_id>/files/<int:attachment_id>/remove/", compose.remove_file, name="remove-file"),
    path("messages/<int:message_id>/people.csv", message_page.people_file, name="people-file"),
    path("messages/to/<int:user_id>/", compose.to_person, name="to-person"),
]
