"""The pages of segments, and what is done there."""

from django.urls import path

from fleetfolk.segments.web import builder, membership, pages, person

app_name = "segments"
urlpatterns = [
    path("segments/", pages.segment_list, name="list"),
    path("segments/new/", builder.create, name="create"),
    path("segments/draft/", builder.draft, name="draft"),
    path("segments/draft/live/", builder.live, name="live"),
    path("segments/draft/counts/", builder.counts, name="counts"),
    path("segments/draft/why/<int:target_id>/", builder.draft_why, name="draft-why"),
    path("segments/choices/", builder.choices, name="choices"),
    path("segments/<int:segment_id>/", pages.segment_page, name="detail"),
    path("segments/<int:segment_id>/edit/", builder.edit, name="edit"),
    path("segments/<int:segment_id>/delete/", pages.delete, name="delete"),
    path("segments/<int:segment_id>/move/", pages.move, name="move"),
    path("segments/<int:segment_id>/members.csv", pages.download, name="download"),
    path("segments/<int:segment_id>/why/<int:target_id>/", pages.segment_why, name="why"),
    path("segments/<int:segment_id>/add/", membership.add, name="add"),
    path("segments/<int:segment_id>/import/", membership.import_csv, name="import"),
    path("segments/<int:segment_id>/remove/<int:target_id>/", membership.remove, name="remove"),
    path("users/<int:user_id>/segments/card/", person.person_card, name="person"),
    path("users/<int:user_id>/segments/choices/", person.choices, name="person-choices"),
    path("users/<int:user_id>/segments/new/", person.create, name="person-create"),
    path("users/<int:user_id>/segments/<int:segment_id>/add/", person.add, name="person-add"),
    path("users/<int:user_id>/segments/<int:segment_id>/remove/", person.remove, name="person-remove"),
]
