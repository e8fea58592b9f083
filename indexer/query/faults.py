"""What can be wrong with the order of lexemes, in sentences that say what to write instead."""

from __future__ import annotations

from indexer.errors import QueryError
from indexer.query.scanner import Kind, Lexeme, shown

_EXAMPLES = {
    **{Kind.AND: "a AND b", Kind.OR: "a OR b", Kind.NOT: "a NOT b", Kind.MINUS: "a -b"},
    **{Kind.NEAR: "a NEAR/5 b"},
}

_VALUES = {
    **{"title": '"joint statement"', "text": '"joint statement"', "kind": "readout"},
    **{"date": "2025-07", "after": "2025-07-10", "before": "2025-07-10", "lang": "en"},
    **{"source": "xinhua", "speaker": '"wang yi"', "country": "japan"},
    **{"place": "gyeongju"},
}


def nothing() -> QueryError:
    """Punctuation only."""
    return QueryError(
        "There is no word to look for: write a word, or * for every statement.", 0
    )


def too_long(length: int, most: int, place: int) -> QueryError:
    """More characters than are read, as typed or in canonical form."""
    written = "" if place else ", written out in full,"
    return QueryError(
        f"The query{written} has {length:,} characters where {most:,} are the most: "
        "leave some words out.",
        place,
    )


def too_deep(most: int, place: int) -> QueryError:
    """Brackets in brackets in brackets."""
    return QueryError(f"Brackets stand {most} deep at most: take some away.", place)


def too_many(most: int, place: int) -> QueryError:
    """More leaves than are searched."""
    return QueryError(
        f"The query has more than {most} words, phrases, values and dates: "
        "leave some out.",
        place,
    )


def only_excludes(place: int) -> QueryError:
    """Nothing but exclusions."""
    return QueryError(
        "This only excludes: add what to look for, as in taiwan -tokyo.", place
    )


def excluded_twice(place: int) -> QueryError:
    """NOT NOT."""
    return QueryError(
        "Two exclusions in a row cancel each other: write one or none.", place
    )


def unbracketed(place: int) -> QueryError:
    """A hyphen before the first word of a NEAR."""
    return QueryError("Put in brackets what “-” excludes: write -(a NEAR/5 b).", place)


def mixed_chain(operator: Lexeme, place: int) -> QueryError:
    """Another operator or distance than the chain began with."""
    return QueryError(
        f"One chain takes one operator: write {operator.operator} here too.",
        place,
    )


def not_near(operator: Lexeme, place: int) -> QueryError:
    """Something beside NEAR that does not stand at a place in a text."""
    near = operator.operator
    return QueryError(
        f"{operator.text} joins words, phrases, or a bracket of these with OR: "
        f"write title:(a {near} b), or (a OR b) {near} c.",
        place,
    )


def ordered_paragraph(operator: Lexeme) -> QueryError:
    """ONEAR/p."""
    return QueryError(
        "Parts of a paragraph are found in any order: write a NEAR/p b, "
        "or a ONEAR/50 b for this order.",
        operator.start,
    )


def too_few(place: int) -> QueryError:
    """A single word that is to share a paragraph."""
    return QueryError(
        'Two words or more can be in one paragraph: write "joint statement"~p, '
        "or leave ~p out.",
        place,
    )


def field_in_field(field: Lexeme, outer: str) -> QueryError:
    """A field in the brackets of another."""
    return QueryError(
        f"{field.text}: cannot stand inside {outer}:(…): close the bracket before it.",
        field.start,
    )


def hyphen_after_colon(field: Lexeme) -> QueryError:
    """title:-word."""
    return QueryError(
        "The hyphen that excludes stands before the field: "
        f"write -{field.text}:{_VALUES[field.text]}.",
        field.start,
    )


def unopened(place: int) -> QueryError:
    """A closing bracket without its opening one."""
    return QueryError("This ) has no ( before it: add one, or leave it out.", place)


def unclosed(place: int) -> QueryError:
    """An opening bracket without its closing one."""
    return QueryError("This ( has no ) after it: add one, or leave it out.", place)


def misplaced(lexeme: Lexeme, last: Lexeme | None) -> QueryError:
    """Something that stands, after ``last``, where a word or phrase has to."""
    if lexeme.kind is Kind.EVERYTHING:
        return QueryError(
            "* means every statement only where it stands alone: leave it out here.",
            lexeme.start,
        )
    if last is not None and last.kind in _EXAMPLES:
        return QueryError(
            f"{shown(last.text)} needs a word or phrase after it: "
            f"write {_EXAMPLES[last.kind]}.",
            last.start,
        )
    if lexeme.kind in _EXAMPLES:
        return QueryError(
            f"{shown(lexeme.text)} needs a word or phrase before it: "
            f"write {_EXAMPLES[lexeme.kind]}.",
            lexeme.start,
        )
    if last is None:
        return unopened(lexeme.start)
    if lexeme.kind is Kind.CLOSE:
        return QueryError(
            "There is nothing to look for in these brackets: write (a OR b).",
            last.start,
        )
    return unclosed(last.start)


def missing_value(field: Lexeme) -> QueryError:
    """A field with nothing after its colon that it can look for."""
    name = field.text
    return QueryError(
        f"{name}: needs something to look for after it: write {name}:{_VALUES[name]}.",
        field.start,
    )


def values_apart(field: Lexeme, between: Lexeme) -> QueryError:
    """Values of a keyword field with something else than OR between."""
    return QueryError(
        f"Put OR or a comma between the values of {field.text}:, "
        'and a value of several words in quotes: write ("wang yi" OR iwaya).',
        between.start,
    )


def near_parts(count: int, place: int) -> QueryError:
    """Words near each other that are too few or too many."""
    return QueryError(
        f"Two to five words or phrases can be near each other, not {count}: "
        'write "joint statement"~5 or a NEAR/5 b.',
        place,
    )
