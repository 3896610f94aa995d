"""What a role may do with devices, their templates and what works on their values."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

_OWN = _("Own devices")
_ORG = _("Organization devices")
_OTA = _("Firmware")
_TEMPLATES = _("Templates")
_AUTO = _("Automations")
_ANALYTICS = _("Analytics")

VIEW, CONTROL, MANAGE, OWN = 1, 2, 3, 4
"""How closely one must hold a device oneself: `fleetfolk.devices.models.Hold` as numbers."""

OWN_DEVICES_VIEW = Permission(
    code="devices.own.view",
    label=_("View own devices"),
    sentence=_("See the devices that one owns or that are shared with one."),
    group=_OWN,
    blynk="OWN_DEVICES_VIEW",
)
OWN_DEVICES_PROVISION = Permission(
    code="devices.own.create",
    label=_("Provision new devices"),
    sentence=_("Add a device to one's own, by its code or its own Wi-Fi."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
    blynk="PROVISION_DEVICES",
)
OWN_DEVICES_EDIT = Permission(
    code="devices.own.edit",
    label=_("Edit own devices"),
    sentence=_("Rename one's own devices and change their details."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
    blynk="OWN_DEVICES_EDIT",
)
OWN_DEVICES_CONTROL = Permission(
    code="devices.own.control",
    label=_("Control own devices"),
    sentence=_("Switch and set one's own devices."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
)
OWN_DEVICES_DELETE = Permission(
    code="devices.own.delete",
    label=_("Delete own devices"),
    sentence=_("Remove one's own devices for good."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
    blynk="OWN_DEVICES_DELETE",
)
OWN_DEVICES_SHARE = Permission(
    code="devices.own.share",
    label=_("Share own devices"),
    sentence=_("Let somebody else see or control one's own device, until a chosen day."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
    blynk="OWN_DEVICES_SHARE",
)
OWN_DEVICE_DATA_DELETE = Permission(
    code="devices.own.data.delete",
    label=_("Delete own device data"),
    sentence=_("Delete what one's own devices reported."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
    blynk="OWN_DEVICE_DATA_DELETE",
)
OWN_DEVICE_REPORTS = Permission(
    code="devices.own.reports.read",
    label=_("Download own reports"),
    sentence=_("Download what one's own devices reported."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
)
OWN_TIMELINE_VIEW = Permission(
    code="devices.own.timeline.view",
    label=_("View own timeline"),
    sentence=_("See the events of one's own devices."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
)
OWN_TIMELINE_EDIT = Permission(
    code="devices.own.timeline.edit",
    label=_("Edit own timeline"),
    sentence=_("Comment on and resolve the events of one's own devices."),
    group=_OWN,
    requires=(OWN_TIMELINE_VIEW,),
)
OWN_DEVICES_TRANSFER = Permission(
    code="devices.own.transfer",
    label=_("Give own devices away"),
    sentence=_("Offer one's own device to somebody else, or stop owning it."),
    group=_OWN,
    requires=(OWN_DEVICES_VIEW,),
)
ORG_DEVICES_VIEW = Permission(
    code="devices.view",
    label=_("View devices"),
    sentence=_("See every device of the organization and those below."),
    group=_ORG,
    own=OWN_DEVICES_VIEW,
    hold=VIEW,
    blynk="ORG_DEVICES_VIEW",
)
ORG_DEVICES_CREATE = Permission(
    code="devices.create",
    label=_("Add new devices"),
    sentence=_("Add devices to the organization from the console."),
    group=_ORG,
    requires=(ORG_DEVICES_VIEW,),
    blynk="ORG_DEVICES_CREATE",
)
ORG_DEVICES_EDIT = Permission(
    code="devices.edit",
    label=_("Edit devices"),
    sentence=_("Rename the organization's devices and change their details."),
    group=_ORG,
    own=OWN_DEVICES_EDIT,
    hold=MANAGE,
    requires=(ORG_DEVICES_VIEW,),
    blynk="ORG_DEVICES_EDIT",
)
ORG_DEVICES_CONTROL = Permission(
    code="devices.control",
    label=_("Control devices"),
    sentence=_("Switch and set the organization's devices."),
    group=_ORG,
    own=OWN_DEVICES_CONTROL,
    hold=CONTROL,
    requires=(ORG_DEVICES_VIEW,),
)
ORG_DEVICES_DELETE = Permission(
    code="devices.delete",
    label=_("Delete devices"),
    sentence=_("Remove devices of the organization."),
    group=_ORG,
    own=OWN_DEVICES_DELETE,
    hold=OWN,
    requires=(ORG_DEVICES_VIEW,),
    blynk="ORG_DEVICES_DELETE",
)
ORG_DEVICES_SHARE = Permission(
    code="devices.share",
    label=_("Share devices"),
    sentence=_("Let somebody see or control a device of the organization, until a chosen day."),
    group=_ORG,
    own=OWN_DEVICES_SHARE,
    hold=MANAGE,
    requires=(ORG_DEVICES_VIEW,),
    blynk="ORG_DEVICES_SHARE",
)
ORG_DEVICE_DATA_DELETE = Permission(
    code="devices.data.delete",
    label=_("Delete data from devices"),
    sentence=_("Delete what the organization's devices reported."),
    group=_ORG,
    own=OWN_DEVICE_DATA_DELETE,
    hold=OWN,
    requires=(ORG_DEVICES_VIEW,),
    blynk="ORG_DEVICE_DATA_DELETE",
)
ORG_DEVICE_REPORTS = Permission(
    code="devices.reports.read",
    label=_("Download reports"),
    sentence=_("Download what the organization's devices reported."),
    group=_ORG,
    own=OWN_DEVICE_REPORTS,
    hold=VIEW,
    requires=(ORG_DEVICES_VIEW,),
)
VIEW_TIMELINE = Permission(
    code="devices.timeline.view",
    label=_("View timeline"),
    sentence=_("See the events of the organization's devices."),
    group=_ORG,
    own=OWN_TIMELINE_VIEW,
    hold=VIEW,
    requires=(ORG_DEVICES_VIEW,),
)
EDIT_TIMELINE = Permission(
    code="devices.timeline.edit",
    label=_("Edit timeline"),
    sentence=_("Comment on, resolve and archive the events of the organization's devices."),
    group=_ORG,
    own=OWN_TIMELINE_EDIT,
    hold=MANAGE,
    requires=(VIEW_TIMELINE,),
)
SERVICE_TAB = Permission(
    code="devices.service.view",
    label=_("Access service tab"),
    sentence=_("See the service view of a device."),
    group=_ORG,
    requires=(ORG_DEVICES_VIEW,),
)
TRANSFER_DEVICES = Permission(
    code="devices.transfer",
    label=_("Transfer devices"),
    sentence=_("Move devices to another organization or owner."),
    group=_ORG,
    own=OWN_DEVICES_TRANSFER,
    hold=OWN,
    requires=(ORG_DEVICES_VIEW,),
)
EDIT_DEVICE_TOKENS = Permission(
    code="devices.tokens.edit",
    label=_("Edit auth tokens"),
    sentence=_("Replace the secret with which a device signs in."),
    group=_ORG,
    requires=(
        OWN_DEVICES_VIEW,
        OWN_DEVICES_EDIT,
    ),
    blynk="SET_AUTH_TOKEN",
)
MANAGE_STATIC_TOKENS = Permission(
    code="devices.statictokens.edit",
    label=_("Manage static tokens"),
    sentence=_("Make batches of claim codes for devices that are yet to be sold."),
    group=_ORG,
    requires=(ORG_DEVICES_VIEW,),
    blynk="MANAGE_STATIC_TOKENS",
)
VIEW_FIRMWARE = Permission(
    code="firmware.view",
    label=_("Get access to firmware"),
    sentence=_("See firmware versions and their shipments."),
    group=_OTA,
    blynk="OTA_VIEW",
)
START_SHIPMENTS = Permission(
    code="firmware.shipments.start",
    label=_("Create firmware shipments"),
    sentence=_("Send a firmware to devices."),
    group=_OTA,
    requires=(VIEW_FIRMWARE,),
    blynk="OTA_START",
)
STOP_SHIPMENTS = Permission(
    code="firmware.shipments.stop",
    label=_("Stop or pause shipments"),
    sentence=_("Hold a firmware shipment."),
    group=_OTA,
    requires=(VIEW_FIRMWARE,),
    blynk="OTA_STOP",
)
VIEW_TEMPLATES = Permission(
    code="templates.view",
    label=_("View templates"),
    sentence=_("See the device models and their datastreams."),
    group=_TEMPLATES,
    blynk="PRODUCT_VIEW",
)
CREATE_TEMPLATES = Permission(
    code="templates.create",
    label=_("Add templates"),
    sentence=_("Describe a new device model."),
    group=_TEMPLATES,
    for_developers=True,
    requires=(VIEW_TEMPLATES,),
    blynk="PRODUCT_CREATE",
)
EDIT_TEMPLATES = Permission(
    code="templates.edit",
    label=_("Edit templates"),
    sentence=_("Change a device model for all of its devices."),
    group=_TEMPLATES,
    for_developers=True,
    requires=(VIEW_TEMPLATES,),
    blynk="PRODUCT_EDIT",
)
DELETE_TEMPLATES = Permission(
    code="templates.delete",
    label=_("Delete templates"),
    sentence=_("Delete a device model that no device uses."),
    group=_TEMPLATES,
    for_developers=True,
    requires=(VIEW_TEMPLATES,),
    blynk="PRODUCT_DELETE",
)
VIEW_AUTOMATIONS = Permission(
    code="automations.view",
    label=_("View automations"),
    sentence=_("See what happens by itself, and when."),
    group=_AUTO,
)
CREATE_AUTOMATIONS = Permission(
    code="automations.create",
    label=_("Create automations"),
    sentence=_("Let something happen by itself."),
    group=_AUTO,
    requires=(VIEW_AUTOMATIONS,),
)
EDIT_AUTOMATIONS = Permission(
    code="automations.edit",
    label=_("Edit automations"),
    sentence=_("Change what happens by itself."),
    group=_AUTO,
    requires=(VIEW_AUTOMATIONS,),
)
DELETE_AUTOMATIONS = Permission(
    code="automations.delete",
    label=_("Delete automations"),
    sentence=_("Stop something from happening by itself, for good."),
    group=_AUTO,
    requires=(VIEW_AUTOMATIONS,),
)
EXECUTE_AUTOMATIONS = Permission(
    code="automations.execute",
    label=_("Execute automations"),
    sentence=_("Start a scene by hand."),
    group=_AUTO,
    requires=(VIEW_AUTOMATIONS,),
)
MANAGE_AUTOMATION_TEMPLATES = Permission(
    code="automations.templates.edit",
    label=_("Manage automation templates"),
    sentence=_("Prepare automations for others to switch on."),
    group=_AUTO,
    requires=(VIEW_AUTOMATIONS,),
)
VIEW_RULES = Permission(
    code="rules.view",
    label=_("View rule groups"),
    sentence=_("See the rules that work on reported values."),
    group=_AUTO,
    blynk="RULE_GROUP_VIEW",
)
CREATE_RULES = Permission(
    code="rules.create",
    label=_("Create rule groups"),
    sentence=_("Add rules that work on reported values."),
    group=_AUTO,
    requires=(VIEW_RULES,),
)
EDIT_RULES = Permission(
    code="rules.edit",
    label=_("Edit rule groups"),
    sentence=_("Change rules that work on reported values."),
    group=_AUTO,
    requires=(VIEW_RULES,),
    blynk="RULE_GROUP_EDIT",
)
DELETE_RULES = Permission(
    code="rules.delete",
    label=_("Delete rule groups"),
    sentence=_("Remove rules that work on reported values."),
    group=_AUTO,
    requires=(VIEW_RULES,),
)
VIEW_ANALYTICS = Permission(
    code="analytics.view",
    label=_("View analytics"),
    sentence=_("See figures over all devices that one may see."),
    group=_ANALYTICS,
)
MANAGE_DASHBOARDS = Permission(
    code="dashboards.edit",
    label=_("Manage dashboards"),
    sentence=_("Create and change dashboards over many devices."),
    group=_ANALYTICS,
    requires=(VIEW_ANALYTICS,),
)
