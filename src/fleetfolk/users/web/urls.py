"""The users' pages."""

from django.urls import path

from fleetfolk.users.web import (
    account,
    directory,
    imports,
    invitations,
    joining,
    lookup_urls,
    people_export,
    privacy_urls,
    profile,
    profile_urls,
    security_urls,
    sign_up,
    sign_up_key,
)

sign_up_key.register()

app_name = "users"
urlpatterns = [
    path("users/", directory.user_list, name="list"),
    path("users/count/", directory.user_count, name="count"),
    path("users/columns/", directory.choose_columns, name="columns"),
    path("users/choices/<str:name>/", directory.filter_choices, name="choices"),
    path("users/invite/", invitations.invite, name="invite"),
    path("users/export/", people_export.export_form, name="export-form"),
    path("users/export/file/", people_export.export_file, name="export-file"),
    path("users/import/", imports.upload, name="import"),
    path("users/import/<int:job_id>/", imports.columns, name="import-columns"),
    path("users/import/<int:job_id>/check/", imports.check, name="import-check"),
    path("users/import/<int:job_id>/start/", imports.start, name="import-start"),
    path("users/<int:user_id>/", profile.tab, name="detail"),
    path("users/<int:user_id>/menu/", account.menu, name="menu"),
    path("users/<int:user_id>/edit/", account.edit, name="edit"),
    path("users/<int:user_id>/password/", account.assign_password, name="assign-password"),
    path("users/<int:user_id>/transfer/", account.transfer, name="transfer"),
    path("users/<int:user_id>/disable/", account.disable, name="disable"),
    path("users/<int:user_id>/delete/", account.delete, name="delete"),
    path("users/<int:user_id>/invitation/address/", invitations.edit_invitation, name="edit-invitation"),
    *(
        path(f"users/<int:user_id>/{at}/", account.at_once, {"url": f"users:{name}"}, name=name)
        for at, name in (
            ("password/reset", "reset-password"),
            ("sessions/end", "end-sessions"),
            ("enable", "enable"),
            ("restore", "restore"),
            ("developer/on", "developer-on"),
            ("developer/off", "developer-off"),
            ("invitation/send", "send-invitation"),
            ("invitation/revoke", "revoke-invitation"),
        )
    ),
    path("join/", joining.join_form, name="join-form"),
    path("join/sign-out/", joining.leave_and_join, name="join-leave"),
    path("join/leave/", sign_up.leave, name="sign-up-leave"),
    path("join/confirm/", sign_up.confirm, name="sign-up-confirm"),
    path("join/confirm/<str:secret>/", sign_up.link, name="sign-up-link"),
    path("join/<signup:door>/", sign_up.sign_up, name="sign-up"),
    path("join/<signup:door>/sent/", sign_up.sent, name="sign-up-sent"),
    path("join/<str:secret>/", joining.join, name="join"),
    *lookup_urls.in_users,
    *security_urls.in_users,
    *privacy_urls.in_users,
    *profile_urls.in_users,  # Last: the tabs take every remaining word below a person.
]
