"""What the operator keeps about its customers beyond their names, and how it helped one of them yesterday."""

import datetime as dt
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.urls import resolve

from fleetfolk.access.actions.edit_rules import EditRules, EditRulesInput
from fleetfolk.assistance.actions.end_assistance import EndAssistance, EndAssistanceInput
from fleetfolk.assistance.actions.grant_consent import GrantConsent, GrantConsentInput
from fleetfolk.assistance.actions.start_assistance import StartAssistance, StartAssistanceInput
from fleetfolk.assistance.models import Assistance
from fleetfolk.assistance.web.visits import record_visit
from fleetfolk.demo.clients import Device, devices
from fleetfolk.demo.errand import run_errands
from fleetfolk.demo.people import people
from fleetfolk.demo.signins import SIGN_INS
from fleetfolk.demo.stage import Stage
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.organizations.actions.create_field import CreateField, CreateFieldInput
from fleetfolk.organizations.actions.edit_brand import EditBrand, EditBrandInput
from fleetfolk.organizations.field_values import Value
from fleetfolk.organizations.models import AssistanceRule, CustomField, FieldKind
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.models import State, User
from fleetfolk.users.secret import new_secret, secret_hash

ADA = "ada@lumenhome.example"
CUSTOMER = "a.oberhuber@weissenberg.example"

_FIELDS = (
    CreateFieldInput(name="Customer number", kind=FieldKind.TEXT),
    CreateFieldInput(name="Service contract", kind=FieldKind.CHOICE, choices=("None", "Basic", "Comfort")),
    CreateFieldInput(name="Next service", kind=FieldKind.DATE),
    CreateFieldInput(name="Newsletter", kind=FieldKind.SWITCH),
)
_LOOKED_AT = ("/", "/account/", "/account/action-log/")
_SECOND = dt.timedelta(seconds=1)


def tell_of_helping(stage: Stage, *, now: dt.datetime) -> None:
    """Remote assistance is allowed with consent, customers have fields of their own, and one of them was helped."""
    customer = known_customer(stage)
    ada = stage.key_of(ADA)
    if customer is None or ada is None:
        return
    used = {person.email: devices(person) for person in people()}
    hers, theirs = used[ADA][0], used[customer.email][0]
    set_up = (now - dt.timedelta(days=30)).replace(hour=9, minute=12, second=0, microsecond=0)
    _keep_more(stage, customer, by=hers, at=set_up)
    yesterday = (now - dt.timedelta(days=1)).replace(hour=13, minute=6, second=0, microsecond=0)
    _help(stage, customer, hers=hers, theirs=theirs, at=yesterday)
    for each in SIGN_INS:
        key = stage.key_of(each.email)
        if key is not None and each.email in used:
            _signed_in(key, used[each.email], now=now)


def known_customer(stage: Stage) -> User | None:
    """The customer who is shown at the sign-in, or, in a smaller world, the first one there is."""
    at_home = User.objects.filter(tenant=stage.root, state=State.ACTIVE)
    known = at_home.filter(email=CUSTOMER).first()
    return known or at_home.filter(role__builtin="user").order_by("pk").first()


def _keep_more(stage: Stage, customer: User, *, by: Device, at: dt.datetime) -> None:
    """The operator has its rules, look and fields, and has filled them in for the customer."""
    rules = EditRulesInput(assistance=AssistanceRule.ASK)
    stage.do(EditRules, rules, key="help.rules", at=at, by=ADA, target_id=stage.root.pk, device=by)
    logo = (Path(__file__).parent / "static/demo/lumen.png").read_bytes()
    brand = EditBrandInput(
        colour="#b4500b",
        logo=logo,
        support_email="help@lumenhome.example",
        support_phone="+49 40 5550 1200",
        privacy_link="https://lumenhome.example/privacy",
        terms_link="https://lumenhome.example/terms",
    )
    stage.do(EditBrand, brand, key="help.brand", at=at, by=ADA, target_id=stage.root.pk, device=by)
    for number, field in enumerate(_FIELDS, start=1):
        moment = at + 40 * number * _SECOND
        stage.do(CreateField, field, key=f"help.field.{number}", at=moment, by=ADA, target_id=stage.root.pk, device=by)
    fields = dict(CustomField.objects.filter(organization=stage.root).values_list("name", "pk"))
    service = (at + dt.timedelta(days=52)).date().isoformat()
    values: dict[str, Value] = {
        "Customer number": "LH-20417",
        "Service contract": "Comfort",
        "Next service": service,
        "Newsletter": True,
    }
    data = EditUserInput(custom={fields[name]: value for name, value in values.items()})
    at += 400 * _SECOND
    stage.do(EditUser, data, key="help.values", at=at, by=ADA, target_id=customer.pk, device=by)


def _help(stage: Stage, customer: User, *, hers: Device, theirs: Device, at: dt.datetime) -> None:
    """The customer let support in for three days, and Ada looked at the view for eleven minutes."""
    consent = GrantConsentInput(hours=72)
    began, ended = at + 180 * _SECOND, at + 840 * _SECOND
    by, target = customer.email, customer.pk
    stage.do(GrantConsent, consent, key="help.consent", at=at, by=by, target_id=target, device=theirs)
    start = StartAssistanceInput(
        mode=AssistMode.VIEW,
        reason="The heat pump does not follow its schedule",
        minutes=30,
        ticket="LH-4821",
        # Nobody holds what these are the hashes of: this assistance is over.
        secret_hash=secret_hash(new_secret()),
        browser_hash=secret_hash(new_secret()),
    )
    stage.do(StartAssistance, start, key="help.start", at=began, by=ADA, target_id=target, device=hers)
    run_errands(began + 4 * _SECOND)
    row = Assistance.objects.filter(user=customer, ended_at__isnull=True).first()
    if row is None:
        return
    if not row.visits.exists():
        _look(row, at=began)
    end = EndAssistanceInput(assistance_id=row.pk)
    stage.do(EndAssistance, end, key="help.end", at=ended, by=ADA, target_id=target, device=hers)
    run_errands(ended + 4 * _SECOND)


def _look(row: Assistance, *, at: dt.datetime) -> None:
    """Some pages of the customer were opened."""
    for number, path in enumerate(_LOOKED_AT):
        request = RequestFactory().get(path)
        request.resolver_match = resolve(path)
        with clock.at(at + 90 * number * _SECOND):
            record_visit(request, row, path=path, status=200)


def _signed_in(user_id: int, used: tuple[Device, ...], *, now: dt.datetime) -> None:
    """The person is signed in with what they use. Nobody knows the keys of these sessions, and nobody is in them."""
    if UserSession.objects.filter(user_id=user_id).exists():
        return
    for number, device in enumerate(used[:2]):
        store = SessionStore()
        store.create()
        UserSession.objects.create(
            user_id=user_id,
            session_key=store.session_key,
            ip=device.address,
            user_agent=device.user_agent,
            created_at=now - dt.timedelta(days=4 + 3 * number),
            last_seen_at=now - dt.timedelta(hours=2 + 19 * number),
            data={},
        )
