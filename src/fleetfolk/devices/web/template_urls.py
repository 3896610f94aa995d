"""The console's pages of templates."""

from django.urls import path

from fleetfolk.devices.web import template_dialogs, template_imports, template_pages
from fleetfolk.devices.web.template_part_dialogs import (
    DATASTREAM,
    EVENT,
    METADATA,
    add_part,
    delete_part,
    edit_part,
)

app_name = "templates"
_ONE = "templates/<int:template_id>/"
urlpatterns = [
    path("templates/", template_pages.template_list, name="list"),
    path("templates/new/", template_dialogs.create_template, name="create"),
    path("templates/import/", template_imports.import_template, name="import"),
    path(_ONE, template_pages.template_page, name="detail"),
    *(
        path(f"{_ONE}{tab}/", template_pages.template_page, {"tab": tab}, name=tab)
        for tab in template_pages.TABS
        if tab != "info"
    ),
    path(f"{_ONE}edit/", template_dialogs.edit_template, name="edit"),
    path(f"{_ONE}export/", template_pages.export_template, name="export"),
    path(f"{_ONE}archive/", template_dialogs.archive_template, name="archive"),
    path(f"{_ONE}restore/", template_dialogs.restore_template, name="restore"),
    path(f"{_ONE}delete/", template_dialogs.delete_template, name="delete"),
    path(f"{_ONE}organizations/new/", template_dialogs.enable_template, name="enable"),
    path(f"{_ONE}organizations/<int:organization_id>/disable/", template_dialogs.disable_template, name="disable"),
    path(f"{_ONE}organizations/<int:organization_id>/enable/", template_dialogs.enable_again, name="enable-again"),
    *(
        url
        for part in (DATASTREAM, METADATA, EVENT)
        for url in (
            path(f"{_ONE}{part.tab}/new/", add_part, {"part": part}, name=f"create-{part.tab}"),
            path(f"templates/{part.tab}/<int:part_id>/edit/", edit_part, {"part": part}, name=f"edit-{part.tab}"),
            path(f"templates/{part.tab}/<int:part_id>/delete/", delete_part, {"part": part}, name=f"delete-{part.tab}"),
        )
    ),
]
