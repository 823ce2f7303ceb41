"""The rules in words for everybody; when a warning begins to block is set by the finance office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from finance.actions import Action
from finance.errors import NotFound
from finance.findings import Severity
from finance.permissions import may
from finance.rulebook.catalogue import RuleSubject
from finance.rulebook.operations import date_rule
from finance.rulebook.queries import list_rules, list_settings
from finance.vietnamese.fold import fold
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import DayField, PageForm, WordsField
from webapp.request_scope import present_moment, read, seen_version
from webapp.rulebook import paper_views  # noqa: F401 (its routes belong here)
from webapp.rulebook.blueprint import blueprint

if TYPE_CHECKING:
    from datetime import date

    from finance.database import Session

Answer = Response | str | tuple[str, int]

MOST_SEARCHED = 100


class RuleDateForm(PageForm):
    """From which day a warning blocks; empty takes the day back."""

    blocks_from = DayField(later("Chặn từ ngày"), is_optional=True)
    legal_reference = WordsField(later("Văn bản làm căn cứ"), 300)

    def validate_blocks_from(self, field: DayField) -> None:
        """Nobody is stopped without notice."""
        if field.data and field.data < present_moment().business_on:
            raise ValidationError(_("Ngày bắt đầu chặn không được ở quá khứ."))


@blueprint.get("/quy-tac-kiem-tra")
@requires(Action.VIEW_PROGRAMME)
def rules_page() -> Answer:
    """Every rule in words, by what it is about."""
    words = request.args.get("tim", "").strip()[:MOST_SEARCHED]
    subject = request.args.get("ve", "")
    with read() as session:
        every = list_rules(session, present_moment().business_on)
    wanted = fold(words).split()
    rows = [
        row
        for row in every
        if subject in ("", row.rule.subject.value)
        and all(word in fold(f"{row.rule.words_vi} {row.rule.basis_vi} {row.rule.code}") for word in wanted)
    ]
    return render_template(
        "rulebook/rules.html",
        rows=rows,
        total=len(every),
        words=words,
        subject=subject,
        subjects=[(one.value, one.label_vi) for one in RuleSubject],
        severities=Severity,
        today=present_moment().business_on,
        may_date=may(current_actor(), Action.DATE_RULE),
    )


@blueprint.get("/quy-tac-kiem-tra/<string:code>")
@requires(Action.DATE_RULE)
def rule_page(code: str) -> Answer:
    """One rule, what was set for it, and the form of its day."""
    return _rule_page(code, None)


@blueprint.post("/quy-tac-kiem-tra/<string:code>")
@requires(Action.DATE_RULE)
def date_rule_here(code: str) -> Answer:
    """Set the day from which the rule blocks."""
    form, seen = RuleDateForm(), seen_version()
    if not form.validate():
        return _rule_page(code, form), 422

    def act(session: Session) -> None:
        date_rule(
            session,
            current_actor(),
            code,
            blocks_from=form.blocks_from.data,
            legal_reference=form.legal_reference.data,
            seen_edit=seen,
        )

    refusal = carry_out("date_rule", {"code": code, "seen": seen, **typed_content(form)}, act)
    if refusal:
        return _rule_page(code, form, refusal), refusal.status
    flash(_said(form.blocks_from.data), "success")
    return redirect(url_for("rulebook.rules_page", _anchor=code), code=303)


def _rule_page(code: str, form: RuleDateForm | None, refusal: Refusal | None = None) -> str:
    with read() as session:
        row = next(
            (one for one in list_rules(session, present_moment().business_on) if one.rule.code == code), None
        )
        if row is None:
            raise NotFound("quy tắc kiểm tra", code)
        settings = list_settings(session, code)
    shown: Any = form or RuleDateForm(blocks_from=row.latest.blocks_from if row.latest else None)
    return render_template("rulebook/rule.html", row=row, settings=settings, form=shown, refusal=refusal)


def _said(day: date | None) -> str:
    return _("Đã đặt ngày chặn; từ nay lời nhắc ghi rõ ngày ấy.") if day else _("Quy tắc chỉ còn cảnh báo.")
