"""The settings of organizations: one's own at the short addresses, those below by their keys."""

from django.urls import path

from fleetfolk.users.web import (
    brand_page,
    field_pages,
    plan_pages,
    rules_page,
    settings_pages,
    sign_up_page,
    sso_page,
    tag_pages,
)

app_name = "settings"
urlpatterns = [
    path("settings/", rules_page.rules, name="rules"),
    path("settings/branding/", brand_page.branding, name="branding"),
    path("settings/branding/preview/", brand_page.preview, name="branding-preview"),
    path("settings/branding/preview.css", brand_page.preview_style, name="branding-style"),
    path("settings/fields/", field_pages.fields, name="fields"),
    path("settings/fields/new/", field_pages.create_field, name="create-field"),
    path("settings/fields/<int:field_id>/", field_pages.edit_field, name="edit-field"),
    path("settings/fields/<int:field_id>/archive/", field_pages.archive_field, name="archive-field"),
    path("settings/tags/", tag_pages.tags, name="tags"),
    path("settings/tags/new/", tag_pages.create_tag, name="create-tag"),
    path("settings/tags/<int:tag_id>/", tag_pages.edit_tag, name="edit-tag"),
    path("settings/tags/<int:tag_id>/delete/", tag_pages.delete_tag, name="delete-tag"),
    path("settings/tags/<int:tag_id>/restore/", tag_pages.restore_tag, name="restore-tag"),
    path("settings/single-sign-on/", sso_page.settings_page, name="sso"),
    path("settings/single-sign-on/end/", sso_page.delete, name="sso-delete"),
    path("settings/single-sign-on/test/", sso_page.ask_provider, name="sso-test"),
    path("settings/single-sign-on/domains/<int:domain_id>/prove/", sso_page.prove_domain, name="sso-prove"),
    path("settings/sign-up/", sign_up_page.settings_page, name="sign-up"),
    path("settings/sign-up/picture.png", sign_up_page.picture, name="sign-up-picture"),
    path("settings/sign-up/link/", sign_up_page.rotate, name="sign-up-rotate"),
    path("settings/sign-up/<int:registration_id>/let-in/", sign_up_page.let_in, name="sign-up-grant"),
    path("settings/sign-up/<int:registration_id>/turn-down/", sign_up_page.turn_down, name="sign-up-revoke"),
    path("settings/usage/", plan_pages.own_usage, name="usage"),
    path("settings/organizations/", settings_pages.organizations, name="organizations"),
    path("organizations/<int:organization_id>/settings/", rules_page.rules, name="rules-of"),
    path("organizations/<int:organization_id>/settings/branding/", brand_page.branding, name="branding-of"),
    path(
        "organizations/<int:organization_id>/settings/branding/preview/", brand_page.preview, name="branding-preview-of"
    ),
    path("organizations/<int:organization_id>/settings/fields/", field_pages.fields, name="fields-of"),
    path(
        "organizations/<int:organization_id>/settings/fields/new/",
        field_pages.create_field,
        name="create-field-of",
    ),
    path("organizations/<int:organization_id>/settings/single-sign-on/", sso_page.settings_page, name="sso-of"),
    path("organizations/<int:organization_id>/settings/single-sign-on/end/", sso_page.delete, name="sso-delete-of"),
    path(
        "organizations/<int:organization_id>/settings/single-sign-on/test/", sso_page.ask_provider, name="sso-test-of"
    ),
    path("organizations/<int:organization_id>/settings/sign-up/", sign_up_page.settings_page, name="sign-up-of"),
    path(
        "organizations/<int:organization_id>/settings/sign-up/picture.png",
        sign_up_page.picture,
        name="sign-up-picture-of",
    ),
    path("organizations/<int:organization_id>/settings/sign-up/link/", sign_up_page.rotate, name="sign-up-rotate-of"),
    path("organizations/<int:organization_id>/settings/tags/", tag_pages.tags, name="tags-of"),
    path("organizations/<int:organization_id>/settings/tags/new/", tag_pages.create_tag, name="create-tag-of"),
]
