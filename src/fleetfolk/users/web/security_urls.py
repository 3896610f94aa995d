"""Second factors, sessions and the e-mail change: names of our own below the users', the person's own beside them."""

from django.urls import URLPattern, path

from fleetfolk.users.web import email_change, factors, security, sso_unlink

in_users: list[URLPattern] = [
    path("users/<int:user_id>/sessions/<int:session_id>/end/", security.end_session, name="end-session"),
    path(
        "users/<int:user_id>/identities/<int:identity_id>/unlink/", sso_unlink.revoke_identity, name="revoke-identity"
    ),
    path("users/<int:user_id>/factors/<int:factor_id>/remove/", factors.revoke_factor, name="revoke-factor"),
    path("users/<int:user_id>/email/", email_change.edit, name="edit-email"),
]

app_name = "security"
urlpatterns = [
    path("account/second-factor/", factors.required, name="required"),
    path("account/second-factor/app/", factors.add_app, name="add-app"),
    path("account/second-factor/passkey/", factors.add_passkey, name="add-passkey"),
    path("account/second-factor/passkey/new/", factors.new_passkey_options, name="new-passkey-options"),
    path("account/second-factor/<int:factor_id>/remove/", factors.delete_factor, name="delete-factor"),
    path("account/recovery-codes/", factors.codes, name="codes"),
    path("account/recovery-codes/file/", factors.codes_file, name="codes-file"),
    path("account/recovery-codes/new/", factors.rotate_codes, name="rotate-codes"),
    path("prove/passkey/", factors.passkey_options, name="passkey-options"),
    path("account/sessions/<int:session_id>/end/", security.end_own_session, name="end-session"),
    path("account/sessions/end-others/", security.end_others, name="end-others"),
    path("account/email/", email_change.edit_own, name="edit-email"),
    path("account/email/keep/", email_change.cancel, name="cancel-email"),
    path("email/confirm/", email_change.confirm, name="email-form"),
    path("email/<str:secret>/", email_change.link, name="email"),
]
