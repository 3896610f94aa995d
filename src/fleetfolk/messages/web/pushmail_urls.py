"""Push Mail: the addresses of people, mail that was held back, and the rule of an organization."""

from django.urls import path

from fleetfolk.messages.web import pushmail, pushmail_rule

app_name = "pushmail"
urlpatterns = [
    path("users/<int:user_id>/push-mail/card/", pushmail.card, name="card"),
    path("users/<int:user_id>/push-mail/new/", pushmail.create, name="create"),
    path("users/<int:user_id>/push-mail/<int:address_id>/", pushmail.edit, name="edit"),
    path("users/<int:user_id>/push-mail/<int:address_id>/replace/", pushmail.rotate, name="rotate"),
    path("users/<int:user_id>/push-mail/<int:address_id>/revoke/", pushmail.revoke, name="revoke"),
    path("push-mail/<int:mail_id>/deliver/", pushmail.accept, name="accept"),
    path("push-mail/<int:mail_id>/delete/", pushmail.delete, name="delete"),
    path("settings/push-mail/", pushmail_rule.rule, name="rule"),
    path("organizations/<int:organization_id>/settings/push-mail/", pushmail_rule.rule, name="rule-of"),
]
