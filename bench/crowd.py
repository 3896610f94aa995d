"""The people of a tenant, as lines that the database copies."""

import datetime as dt
import random
from collections.abc import Callable, Iterator

from bench.names import Language, languages
from bench.world import BUSY, MOST_DEVICES, SEED, TAGS, Tenant

_DOMAINS = (
    *(["gmail.com"] * 6 + ["outlook.com"] * 3 + ["web.de"] * 2 + ["yahoo.com"] * 2),
    *("proton.me", "mail.ru", "icloud.com"),
)


def people_of(
    tenant: Tenant,
    now: dt.datetime,
    password_hash: str,
    tags: list[tuple[int, int, int]],
    invited: list[tuple[int, int, str, int, int, dt.datetime]],
) -> Iterator[str]:
    """Lines of COPY for the tenant's people; their tags and invitations are put into the lists."""
    dice = random.Random(SEED + tenant.id)
    chance, spoken = dice.random, languages()
    tongues = dice.choices(spoken, [language.share for language in spoken], k=tenant.people)
    keys = [row[0] for row in tenant.organizations]
    homes = dice.choices(keys, tenant.weights, k=tenant.people)
    homes[:3] = tenant.viewers
    seen: dict[str, int] = {}
    places = len(tenant.locations)
    busy = {1 + place for place in BUSY}  # In the largest tenant, whose people come first.
    for index, (home, language) in enumerate(zip(homes, tongues, strict=True)):
        key = tenant.first_person + index
        (first, first_plain), (last, last_plain) = _name(language, chance)
        email = _email(dice, first=first_plain, last=last_plain, key=key, domain=tenant.domain, seen=seen)
        phone = f"+{language.calling_code}{10**9 + int(chance() * 9 * 10**9)}" if chance() < 0.8 else ""
        rank = (0, 0, 0.05)[index] if index < 3 else chance()
        role = tenant.first_role + (0 if rank < 0.01 else 1 if rank < 0.06 else 2)
        location = r"\N" if chance() < 0.1 else tenant.locations[int(places * chance() ** 1.5)][0]
        created = now - dt.timedelta(minutes=int(chance() * 1_500_000))
        fate = 1.0 if index < 3 or index in BUSY else chance()
        activated = r"\N" if fate < 0.03 else created.isoformat()
        never = fate < 0.03 or chance() < 0.01
        signed_in = r"\N" if never else (now - dt.timedelta(seconds=int(17_280_000 * chance() ** 4))).isoformat()
        devices = MOST_DEVICES if key in busy else int(12 * chance() ** 36)
        if chance() < 0.08:
            chosen = sorted(dice.sample(range(len(TAGS)), 1 + int(chance() * 3)))
            tags += [(tenant.id, key, tenant.first_tag + place) for place in chosen]
        if fate < 0.03:
            invited.append((tenant.id, key, email, role, home, now - dt.timedelta(days=chance() * 40)))
        yield (
            f"{key}\t{password_hash}\t{tenant.id}\t{home}\t{role}\t{location}\t{first}\t{last}\t{email}\t{phone}"
            f"\t\ten\t0\t{activated}"
            f"\t{now.isoformat() if 0.03 <= fate < 0.035 else r'\N'}"
            f"\t{now.isoformat() if 0.035 <= fate < 0.0355 else r'\N'}"
            f"\t{now.isoformat() if 0.0355 <= fate < 0.036 else r'\N'}"
            f"\t{signed_in}\t{created.isoformat()}\t{devices}\n"
        )


def _name(language: Language, chance: Callable[[], float]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (
        language.first[int(len(language.first) * chance() ** 1.6)],
        language.last[int(len(language.last) * chance() ** 1.7)],
    )


def _email(dice: random.Random, *, first: str, last: str, key: int, domain: str, seen: dict[str, int]) -> str:
    """An address out of the name, as people have them; unique on the installation."""
    pattern = int(dice.random() * 5)
    if pattern == 0:
        name = f"{first}.{last}"
    elif pattern == 1:
        name = f"{first}{last[:1]}"
    elif pattern == 2:
        name = f"{first[:1]}.{last}"
    elif pattern == 3:
        name = f"{last}.{first}"
    else:
        name = f"{first}_{last}"
    if dice.random() < 0.5:
        return f"{name}.{key}@{dice.choice(_DOMAINS)}"
    taken = seen.get(name, 0)
    seen[name] = taken + 1
    return f"{name}-{taken}@{domain}" if taken else f"{name}@{domain}"
