"""Query text to tree, by recursive descent.

::

    query    = [ either | "*" | "*:*" ]
    either   = both { "OR" both }
    both     = part { [ "AND" ] part }              at least one part does not exclude
    part     = [ "NOT" ] near | "-" operand
    near     = operand { ( "NEAR/n" | "ONEAR/n" | "NEAR/p" ) operand }    one operator throughout
    operand  = word | phrase | field | "(" either ")"
    word     = word | start "*" | word "~"
    phrase   = quote words quote [ "~n" | "~p" ]
    field    = ( "title" | "text" ) ":" ( word | phrase | "(" either ")" )       no field inside
             | keyword ":" ( value { "," value } | "(" value { ( "," | "OR" ) value } ")" )
             | ( "date" | "after" | "before" ) ":" days

So NEAR binds tightest, then NOT, then AND, which may be left out, then OR: ``a b OR c`` is
``(a b) OR c``. Operators are written in capitals. Positions in errors are offsets in the text.
"""

from __future__ import annotations

from indexer.errors import QueryError
from indexer.query import faults
from indexer.query.leaves import (
    NEAR_PARTS,
    read_dates,
    read_phrase,
    read_value,
    read_word,
)
from indexer.query.scanner import (
    DATE_FIELDS,
    DAYS,
    PARAGRAPH,
    Kind,
    Lexeme,
    Scanner,
)
from indexer.query.tree import (
    EVERYTHING,
    KEYWORD_FIELDS,
    And,
    Field,
    Fuzzy,
    Near,
    Not,
    Or,
    Paragraph,
    Phrase,
    Prefix,
    Query,
    Term,
)

MOST_CHARACTERS = 1000
MOST_LEVELS = 16
MOST_LEAVES = 64


def parse_query(text: str) -> Query:
    """The tree of a query's text: EVERYTHING where that is blank.

    QueryError, with its place and a sentence that says what to write instead, where the text cannot
    be read or is over a limit: 1,000 characters, as typed and in canonical form, 16 levels of
    brackets, 64 words, phrases, values and dates.
    """
    return _read(text)[0]


def notices(text: str) -> tuple[str, ...]:
    """Sentences on what in a query was not read as its writer may think; mostly there are none.

    There are none either where the query cannot be read: its error says why.
    """
    try:
        return _read(text)[1]
    except QueryError:
        return ()


def _read(text: str) -> tuple[Query, tuple[str, ...]]:
    if len(text) > MOST_CHARACTERS:
        raise faults.too_long(len(text), MOST_CHARACTERS, MOST_CHARACTERS)
    scanner = Scanner(text)
    tree = _Parser(scanner).query() if text.strip() else EVERYTHING
    # Links, feeds and saved searches may carry the canonical text, so that has to be read too.
    if len(str(tree)) > MOST_CHARACTERS:
        raise faults.too_long(len(str(tree)), MOST_CHARACTERS, 0)
    return tree, tuple(scanner.notices)


class _Parser:
    """One reading of one query."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._leaves = 0
        self._levels = 0
        self._field = ""  # the text field in whose value we are

    def query(self) -> Query:
        first = self._scanner.peek()
        if first.kind is Kind.END:
            raise faults.nothing()
        if first.kind is Kind.EVERYTHING:
            self._scanner.take()
            if self._scanner.peek().kind is Kind.END:
                return EVERYTHING
            raise faults.misplaced(first, None)
        tree = self._either()
        rest = self._scanner.peek()
        if rest.kind is not Kind.END:
            raise faults.unopened(rest.start)
        return tree

    def _either(self) -> Query:
        parts = [self._both()]
        while self._scanner.peek().kind is Kind.OR:
            self._scanner.take()
            parts.append(self._both())
        return _join(Or, parts)

    def _both(self) -> Query:
        first = self._scanner.peek()
        parts = [self._part()]
        while (kind := self._scanner.peek().kind) not in (
            Kind.END,
            Kind.CLOSE,
            Kind.OR,
        ):
            if kind is Kind.AND:
                self._scanner.take()
            parts.append(self._part())
        if all(isinstance(part, Not) for part in parts):
            raise faults.only_excludes(first.start)
        return _join(And, parts)

    def _part(self) -> Query:
        sign = self._scanner.peek()
        if sign.kind not in (Kind.NOT, Kind.MINUS):
            return self._near()
        self._scanner.take()
        again = self._scanner.peek()
        if again.kind in (Kind.NOT, Kind.MINUS):
            raise faults.excluded_twice(again.start)
        if sign.kind is Kind.NOT:
            return Not(self._near())
        part = self._operand()
        if self._scanner.peek().kind is Kind.NEAR:
            raise faults.unbracketed(sign.start)
        return Not(part)

    def _near(self) -> Query:
        start = self._scanner.peek().start
        parts = [self._operand()]
        operator = self._scanner.peek()
        if operator.kind is not Kind.NEAR:
            return parts[0]
        in_paragraph = operator.distance == PARAGRAPH
        if in_paragraph and operator.text == "ONEAR":
            raise faults.ordered_paragraph(operator)
        _check_in_near(parts[0], operator, start)
        while (again := self._scanner.peek()).kind is Kind.NEAR:
            if (again.text, again.distance) != (operator.text, operator.distance):
                raise faults.mixed_chain(operator, again.start)
            self._scanner.take()
            start = self._scanner.peek().start
            parts.append(self._operand())
            _check_in_near(parts[-1], operator, start)
            if len(parts) > NEAR_PARTS and not in_paragraph:
                raise faults.near_parts(len(parts), again.start)
        if in_paragraph:
            return Paragraph(tuple(parts))
        return Near(tuple(parts), operator.distance, operator.text == "ONEAR")

    def _operand(self) -> Query:
        lexeme = self._scanner.peek()
        if lexeme.kind is Kind.OPEN:
            return self._group()
        if lexeme.kind not in (Kind.WORD, Kind.PHRASE, Kind.FIELD):
            raise faults.misplaced(lexeme, self._scanner.last)
        self._scanner.take()
        if lexeme.kind is Kind.FIELD:
            return self._in_field(lexeme)
        read = read_word if lexeme.kind is Kind.WORD else read_phrase
        leaf = read(lexeme)
        size = len(leaf.parts) if isinstance(leaf, (Near, Paragraph)) else 1
        self._count(size, lexeme.start)
        return leaf

    def _group(self) -> Query:
        bracket = self._scanner.take()
        self._levels += 1
        if self._levels > MOST_LEVELS:
            raise faults.too_deep(MOST_LEVELS, bracket.start)
        tree = self._either()
        if self._scanner.peek().kind is not Kind.CLOSE:
            raise faults.unclosed(bracket.start)
        self._scanner.take()
        self._levels -= 1
        return tree

    def _in_field(self, field: Lexeme) -> Query:
        name = field.text
        if self._field:
            raise faults.field_in_field(field, self._field)
        if name in KEYWORD_FIELDS:
            return Field(name, _join(Or, self._values(field)))
        self._refuse_hyphen(field)
        if name in DATE_FIELDS:
            value = self._scanner.take_value(DAYS)
            if value.kind is Kind.END:
                raise faults.missing_value(field)
            self._count(1, value.start)
            return read_dates(name, value)
        if self._scanner.peek().kind not in (Kind.WORD, Kind.PHRASE, Kind.OPEN):
            raise faults.missing_value(field)
        self._field = name
        part = self._operand()
        self._field = ""
        return Field(name, part)

    def _values(self, field: Lexeme) -> list[Query]:
        """The values of a keyword field: one, several with commas between, or a group of them."""
        values: list[Query] = []
        grouped = self._scanner.skip("(")
        while True:
            self._refuse_hyphen(field)
            value = self._scanner.take_value()
            self._count(1, value.start)
            values.append(read_value(field, value))
            if self._scanner.skip(","):
                continue
            if not grouped or self._scanner.peek().kind is Kind.CLOSE:
                break
            if self._scanner.peek().kind is Kind.END:
                raise faults.unclosed(field.start)
            between = self._scanner.take()
            if between.kind is not Kind.OR:
                raise faults.values_apart(field, between)
        if grouped:
            self._scanner.take()
        return values

    def _refuse_hyphen(self, field: Lexeme) -> None:
        if self._scanner.skip("-"):
            raise faults.hyphen_after_colon(field)

    def _count(self, leaves: int, place: int) -> None:
        self._leaves += leaves
        if self._leaves > MOST_LEAVES:
            raise faults.too_many(MOST_LEAVES, place)


def _join(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    """One part as it is; several joined, with what is joined the same way taken out of it."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Query] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))


def _check_in_near(part: Query, operator: Lexeme, place: int) -> None:
    parts = part.parts if isinstance(part, Or) else (part,)
    joined: tuple[type[Query], ...] = (Term, Phrase, Prefix, Fuzzy)
    if operator.distance == PARAGRAPH:
        joined += (Near,)
    if not all(isinstance(part, joined) for part in parts):
        raise faults.not_near(operator, place)
