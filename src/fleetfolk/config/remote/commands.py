"""The commands themselves: how they are typed, and what they are given to."""

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from fleetfolk.config.remote import calls, reading, work
from fleetfolk.config.remote.failure import Ends, Failed
from fleetfolk.config.remote.login import Login, checked_url, forget, keep, login_now
from fleetfolk.config.remote.nouns import NOUNS, Act, Noun
from fleetfolk.config.remote.server import Server
from fleetfolk.config.remote.table import Writer, plain

type _Run = Callable[[Server, Writer, Namespace], int]
type _Verbs = _SubParsersAction[ArgumentParser]

HELP: Final = {
    "login": "keep the key for a server",
    "logout": "forget it",
    "whoami": "whose key it is, and what it opens",
    **{name: noun.help for name, noun in NOUNS.items()},
    "bulk": "do something to many at once",
    "actions": "every Action that can be called",
    "call": "any Action by its code",
    "completion": "a script with which bash completes these commands",
}
"""Every command over REST, with what it is about."""


def run(words: Sequence[str]) -> int:
    """The command is done; its exit code. What can be expected to go wrong is one sentence."""
    asked = _parser().parse_args(words)
    try:
        return int(asked.run(asked))
    except Failed as failed:
        print(f"fleetfolk: {failed.sentence}", file=sys.stderr)
        return failed.code
    except KeyboardInterrupt:
        return Ends.INTERRUPTED
    except BrokenPipeError:
        # Whoever read has read enough. Nothing is left to be written when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Ends.DONE


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="fleetfolk", description="Daily work over the REST interface.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _own(commands)
    for name, noun in NOUNS.items():
        _of_noun(commands.add_parser(name, help=HELP[name]), name, noun)
    _many(commands)
    return parser


def _own(commands: _Verbs) -> None:
    login = commands.add_parser("login", help=HELP["login"])
    login.add_argument("url", help="such as https://fleet.example.com")
    login.add_argument("--program", metavar="CLIENT_ID", default="", help="a program's ID; its secret is asked for")
    login.set_defaults(run=_login)
    commands.add_parser("logout", help=HELP["logout"]).set_defaults(run=_logout)
    _asks(commands.add_parser("whoami", help=HELP["whoami"]), reading.whoami)
    completion = commands.add_parser("completion", help=HELP["completion"])
    completion.add_argument("shell", choices=["bash"])
    completion.set_defaults(run=_completion)


def _of_noun(parser: ArgumentParser, name: str, noun: Noun) -> None:
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", help=f"list {noun.help}")
    for each in noun.filters:
        how: dict[str, Any] = {"action": "append"} if each.many else {}
        listing.add_argument(f"--{each.option}", help=each.help, **how)
    usual = "all" if noun.most is None else str(noun.most)
    listing.add_argument("--limit", type=int, help=f"so many at most, 0 for all (else {usual})")
    _asks(listing, partial(reading.listed, noun=noun))
    if noun.one:
        one = verbs.add_parser("show", help="all that is known of one")
        one.add_argument("name", help="key or name")
        _asks(one, partial(reading.shown, name=name, noun=noun))
    for verb, which in (noun.parts or {}).items():
        below = verbs.add_parser(verb, help=which.help)
        below.add_argument("name", help="key or name")
        _asks(below, partial(reading.part, name=name, noun=noun, which=which))
    for verb, act in (noun.acts or {}).items():
        _act(verbs.add_parser(verb, help=act.help), name, act)
    _besides(verbs, name)


def _act(parser: ArgumentParser, name: str, act: Act) -> None:
    parser.add_argument("names", nargs="+", metavar="WHICH", help="keys or names")
    for field, (said, _noun) in (act.fields or {}).items():
        option = field.removesuffix("_id")
        parser.add_argument(f"--{option}", dest=field, required=field in act.required, help=said)
    _asks(parser, partial(calls.do, noun=name, act=act))


def _besides(verbs: _Verbs, name: str) -> None:
    """The verbs that are no plain list and no plain Action."""
    match name:
        case "users":
            invite = verbs.add_parser("invite", help="invite somebody by mail")
            invite.add_argument("email")
            for option in ("first-name", "last-name", "role"):
                invite.add_argument(f"--{option}", required=True)
            for option in ("organization", "phone", "language", "time-zone"):
                invite.add_argument(f"--{option}")
            _asks(invite, calls.invite)
        case "organizations":
            _asks(verbs.add_parser("tree", help="as a tree"), reading.tree)
        case "messages":
            send = verbs.add_parser("send", help="write to people")
            for option in ("subject", "body"):
                send.add_argument(f"--{option}", required=True)
            send.add_argument("--to", action="append", help="a person, by key, address or name")
            send.add_argument("--segment", help="all who are in it, by key or name")
            send.add_argument("--channel", action="append", choices=["email", "push"], help="besides the inbox")
            send.add_argument("--organization", help="the one in and below which they are; else one's own")
            _asks(send, calls.send)
        case "jobs":
            wait = verbs.add_parser("wait", help="until it has ended: exit code 0, 1 or 5")
            wait.add_argument("name", help="its key")
            _asks(wait, work.wait)
        case _:
            pass


def _many(commands: _Verbs) -> None:
    bulk = commands.add_parser("bulk", help=HELP["bulk"])
    bulk.add_argument("of", choices=["users", "devices"])
    bulk.add_argument("act", nargs="?", help="what is done; without it, what there is")
    bulk.add_argument("names", nargs="*", metavar="WHICH", help="keys or names")
    bulk.add_argument("--filter", help="all that the list finds, such as 'status=inactive&tag=3'; empty for everybody")
    bulk.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="what the act asks")
    bulk.add_argument("--word", default="", help="DELETE, where many are deleted")
    bulk.add_argument("--dry-run", action="store_true", help="only say what would happen")
    bulk.add_argument("--wait", action="store_true", help="until the job has ended")
    _asks(bulk, work.bulk)
    actions = commands.add_parser("actions", help=HELP["actions"])
    actions.add_argument("word", nargs="?", default="", help="those whose code or name has it")
    _asks(actions, calls.actions)
    call = commands.add_parser("call", help=HELP["call"])
    call.add_argument("code", help="such as user.disable")
    call.add_argument("fields", nargs="*", metavar="NAME=VALUE", help="target=7 reason=left, or name:=JSON")
    _asks(call, calls.call)


def _asks(parser: ArgumentParser, what: _Run) -> None:
    """The command asks the server, and writes in one of three forms."""
    forms = parser.add_mutually_exclusive_group()
    for form in ("json", "csv"):
        forms.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"as {form.upper()}")
    parser.set_defaults(form="table", run=lambda asked: what(Server(login_now()), Writer(asked.form), asked))


def _login(asked: Namespace) -> int:
    """The key is typed, or comes by the standard input; never in the command, which other people of a machine see."""
    url = checked_url(asked.url)
    question = "Secret: " if asked.program else "Key (Account → Keys): "
    secret = (getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not secret:
        raise Failed("Nothing was typed.", Ends.USAGE)
    login = Login(url=url, key=secret)
    if asked.program:
        login = Login(url=url, client_id=asked.program, client_secret=secret)
    me = Server(login).get("me")
    print(f"Signed in to {url} as {plain(me['name'])}. The key is in {keep(login)}.")
    return Ends.DONE


def _logout(_asked: Namespace) -> int:
    print("The key is forgotten here. Revoke it under Account → Keys." if forget() else "There was none.")
    return Ends.DONE


def _completion(_asked: Namespace) -> int:
    """Made of what the parser knows."""
    verbs = {name: " ".join(_choices(parser)) for name, parser in _subparsers(_parser()).items()}
    cases = "".join(f"    {name}) words='{said}' ;;\n" for name, said in verbs.items() if said)
    print(
        "_fleetfolk() {\n"
        f"  local words='{' '.join(verbs)}'\n"
        '  [ "$COMP_CWORD" -gt 2 ] && return\n'
        '  [ "$COMP_CWORD" -eq 2 ] && words=\'\' && case "${COMP_WORDS[1]}" in\n'
        f"{cases}"
        "  esac\n"
        '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))\n'
        "}\n"
        "complete -o default -F _fleetfolk fleetfolk"
    )
    return Ends.DONE


def _subparsers(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            return dict(action.choices)
    return {}


def _choices(parser: ArgumentParser) -> list[str]:
    found = list(_subparsers(parser))
    for action in parser._actions:
        if not found and not action.option_strings and action.choices:
            found = [str(one) for one in action.choices]
    return found
