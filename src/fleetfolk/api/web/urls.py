"""The pages about keys: a person's own, and those of an organization's programs."""

from django.urls import include, path

from fleetfolk.api.web import keys, person_keys, programs, reference, token

own = [
    path("account/keys/", keys.own, name="own"),
    path("account/keys/new/", keys.create, name="create"),
    path("account/keys/<int:token_id>/revoke/", keys.revoke, name="revoke"),
    path("users/<int:user_id>/keys/card/", person_keys.card, name="card"),
    path("users/<int:user_id>/keys/<int:token_id>/revoke/", person_keys.revoke, name="revoke-of"),
]
of_organizations = [
    path("settings/programs/", programs.program_list, name="list"),
    path("settings/programs/new/", programs.create, name="create"),
    path("organizations/<int:organization_id>/settings/programs/", programs.program_list, name="list-of"),
    path("organizations/<int:organization_id>/settings/programs/new/", programs.create, name="create-of"),
    path("programs/<int:program_id>/", programs.edit, name="edit"),
    path("programs/<int:program_id>/delete/", programs.delete, name="delete"),
    path("programs/<int:program_id>/secrets/new/", programs.create_secret, name="create-secret"),
    path("programs/<int:program_id>/secrets/<int:secret_id>/revoke/", programs.revoke_secret, name="revoke-secret"),
]
urlpatterns = [
    path("", include((own, "keys"))),
    path("", include((of_organizations, "programs"))),
    path("oauth2/token", token.token, name="oauth-token"),
    path("api/reference/", reference.reference, name="api-reference"),
]
