"""Ways by files, lists, pictures, remembered answers and the log."""

from typing import Final

from fleetfolk.testing.attacks.attack import Attack, Guard

_ATTACKS = "config/tests/test_attacks.py::"
_LOG_PAGE = "actionlog/tests/test_log_page.py::"
_PROOF = "users/tests/test_proof.py::"

DATA_PATHS: Final = (
    Attack(
        number=42,
        title="Put a formula into a name that somebody else opens in a spreadsheet; take more than one may see",
        against=(
            "What a spreadsheet would run has an apostrophe before it, whether we write the cell or the database. A "
            "file holds what its list shows."
        ),
        guards=(
            Guard(
                where="console/csv_export.py:safe_cell",
                old='    return f"\'{text}" if _FORMULA.match(text) else text\n',
                new="    return text\n",
                tests=(
                    "console/tests/test_csv_export.py::test_text_that_would_run_as_a_formula_is_made_harmless",
                    f"{_LOG_PAGE}test_the_download_holds_what_is_filtered_runs_no_formula_and_is_logged",
                    "users/tests/test_export_user.py::test_cells_run_no_formula",
                ),
            ),
            Guard(
                where="console/csv_export.py:safe_sql",
                old="THEN {value} ELSE '''' || {value} END\"",
                new='THEN {value} ELSE {value} END"',
                tests=("console/tests/test_csv_export.py::test_the_database_makes_harmless_exactly_what_we_do",),
            ),
            Guard(
                where="users/listing.py:reach_of",
                old="    paths = tuple(grant.path for grant in grants)\n",
                new='    paths = (f"{actor.tenant_id}.",)\n',
                tests=("users/tests/test_people_csv.py::test_nobody_is_in_it_whom_the_viewer_may_not_see",),
            ),
        ),
    ),
    Attack(
        number=43,
        title="Set a password without the present one; upload a page as a picture",
        against=(
            "The present password is asked for, and a wrong one counts as a guess. What is no picture by its bytes is "
            "not kept."
        ),
        guards=(
            Guard(
                where="users/web/forms.py:OwnPasswordForm.clean_oldpassword",
                old='        if not get_adapter().reauthenticate(cast("User", self.user), password):\n',
                new="        if False:\n",
                tests=(f"{_PROOF}test_ones_own_new_password_needs_the_present_one_and_no_second_question",),
            ),
            Guard(
                where="users/picture_files.py:suffix_of",
                old='    return next((suffix for suffix, magic in _MAGIC.items() if picture.startswith(magic)), "")\n',
                new='    return ".png"\n',
                tests=("users/tests/test_picture.py::test_whatever_else_is_sent_is_not_kept",),
            ),
        ),
    ),
    Attack(
        number=44,
        title="Write SQL into how a list is sorted or filtered",
        against="A list is sorted by a name out of a table, filtered by numbers and words that are read first.",
        guards=(
            Guard(
                where="console/list_state.py:ListState.of",
                old="        sort = sort if sort in order.words else order.first\n",
                new="        sort = sort or order.first\n",
                tests=(f"{_ATTACKS}test_no_parameter_of_the_list_reaches_the_database_as_sql[sort-password]",),
            ),
        ),
    ),
    Attack(
        number=45,
        title="Get an answer that was right for somebody else, or a moment ago",
        against=(
            "No right is kept between two requests; what a page read once for looking, no Action takes. What is drawn "
            "once for all says nothing of anybody."
        ),
        guards=(
            Guard(
                where="access/grants.py:grants_of",
                old="    if actor.rights is not None and not inside_an_action():\n",
                new="    if actor.rights is not None:\n",
                tests=("users/tests/test_rights_at_hand.py::test_an_action_reads_the_rights_anew",),
            ),
        ),
    ),
    Attack(
        number=46,
        title="Write a name that looks like another line of the log, or change the log itself",
        against=(
            "Names are shown without what breaks or turns a line. The database refuses to change or delete an entry, "
            "also to the user who owns it."
        ),
        guards=(
            Guard(
                where="actionlog/web/rows.py:one_line",
                old='    return _REORDERING.sub("", _BREAKS.sub(" ", text))\n',
                new="    return text\n",
                tests=("actionlog/tests/test_log_forging.py::test_a_forged_name_or_reason_stays_within_its_own_line",),
            ),
            Guard(
                where="actionlog/migrations/0003_pseudonyms.py:FUNCTIONS",
                old=(
                    "            RETURN NEW;\n        END IF;\n    END IF;\n"
                    "    RAISE EXCEPTION 'the action log is append-only'"
                ),
                new=(
                    "            RETURN NEW;\n        END IF;\n    END IF;\n    RETURN coalesce(NEW, OLD);\n"
                    "    RAISE EXCEPTION 'the action log is append-only'"
                ),
                tests=("actionlog/tests/test_append_only.py::test_the_database_refuses_its_own_owner",),
            ),
        ),
    ),
)
