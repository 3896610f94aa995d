"""Export, deactivation and erasure, below the users' names."""

from django.urls import URLPattern, path

from fleetfolk.users.web import account, own_data, privacy

in_users: list[URLPattern] = [
    path("users/<int:user_id>/export/", privacy.export, name="export"),
    path("users/<int:user_id>/deactivate/", privacy.deactivate, name="deactivate"),
    path("users/<int:user_id>/activate/", account.at_once, {"url": "users:activate"}, name="activate"),
    path("exports/", privacy.export_ready, name="export-ready"),
    path("exports/<str:secret>/", privacy.take_export, name="take-export"),
    path("erasures/", privacy.erasures, name="erasures"),
    path("erasures/<int:erasure_id>/", privacy.erasure, name="erasure"),
    path("erasures/<int:erasure_id>/certificate.json", privacy.erasure_file, name="erasure-file"),
    path("account/gone/", own_data.account_gone, name="account-gone"),
    path("account/undo/", own_data.undo_form, name="undo-form"),
    path("account/undo/<str:secret>/", own_data.undo_link, name="undo-deletion"),
]
