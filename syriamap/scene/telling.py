"""A map in words, told from its data: the alt text and the long description. Every word is a phrase or a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from ..scripts import run_on
from .evidence import read_backing
from .words import ALT_LONGEST, as_of_line, chip_text, join, long_day, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Boundaries, Held, Moment
    from ..picture import Age, Base, Controller, Evidence, Line, Marker, Road
    from .camera import Camera
    from .frame import Frame

ALT_AIM = 140  # letters: of the wordings of an alt text the first that is no longer, else the last
WHOLE_SHARE = 0.95  # a map that shows so much of the country is one of the country
CITY_RANK, TOWN_RANK = 2, 3  # the least ranks of places whose fight is news on every day, and beside what was taken
MOST_NAMED, MOST_LARGEST, MOST_DATED = 3, 4, 10  # names in the alt text, of a party's largest places, of what it took
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What there is to tell of a day: the moment, and what its picture counts and shows.

    `stops` are the places along the main road in their order, id to name; `outlets` is the number of outlets used.
    """

    frame: Frame
    now: Moment
    controllers: Sequence[Controller]
    stops: Mapping[str, str]
    roads: Sequence[Road]
    bases: Sequence[Base]
    markers: Sequence[Marker]
    lines: Sequence[Line]
    evidence: Sequence[Evidence]
    outlets: int
    sparse_share: float
    age: Age

    @property
    def phrases(self) -> Mapping[str, Any]:
        """Return every phrase of the language."""
        return self.frame.phrases

    @property
    def seen(self) -> tuple[str, ...]:
        """Return the places in the frame, the most important first."""
        return self.list_places(self.frame.view.places, self.frame.camera)

    def list_places(self, first: tuple[str, ...] = (), camera: Camera | None = None) -> tuple[str, ...]:
        """Return the places of a frame, by default of the country, the most important first."""
        materials = self.frame.materials
        return list_places(materials.boundaries, tuple(materials.theatre["free_view"]["kinds"]), first, camera)

    def say(self, key: str, **filling: object) -> str:
        """Return a phrase of the telling, filled in."""
        return str(self.phrases["telling"][key]).format(**filling)

    def party(self, party: str) -> str:
        """Return the name of a party."""
        return self.frame.materials.control.parties[party].label

    def bloc(self, party: str) -> str:
        """Return the bloc of a party."""
        return self.frame.materials.control.parties[party].bloc

    def names(self, places: Iterable[str]) -> list[str]:
        """Return the names of places."""
        names = self.frame.materials.boundaries.places["name"]
        return [str(names[place]) for place in places]

    def first_few(self, words: Sequence[str], most: int, number: int = 0) -> str:
        """Return the first words of a list of `number` (by default all that are given) and how many more there are."""
        rest = max(number, len(words)) - most
        if rest <= 0:
            return join(words, self.phrases)
        return self.say("more", names=str(self.phrases["comma"]).join(words[:most]), n=rest)

    def also(self, parts: Iterable[str]) -> str:
        """Return parts that have commas inside as one list."""
        return str(self.phrases["telling"]["also"]).join(parts)

    def share(self, share: float) -> str:
        """Return a share in percent."""
        percent = round(100 * share)
        return str(self.phrases["chart"]["small"] if percent < 1 else self.phrases["chart"]["percent"]).format(
            n=percent
        )

    def days(self, held: Held) -> str:
        """Return the days on which a place was taken."""
        last = held.chip_to or self.now.on
        return chip_text(held.chip_from or last, last, self.phrases)


@lru_cache(maxsize=32)
def list_places(
    boundaries: Boundaries, kinds: tuple[str, ...], first: tuple[str, ...], camera: Camera | None
) -> tuple[str, ...]:
    """Return the places, no markers, in a frame (None = the country), the most important first.

    Those of the `kinds` where people live come before others; then by rank, those of `first`, the larger.
    """
    places = boundaries.places[(boundaries.places["role"] == "place").to_numpy()]
    if camera is not None:
        places = places[places.geometry.intersects(camera.window).to_numpy()]
    listed = {name: turn for turn, name in enumerate(first)}
    turns = [listed.get(name, len(listed)) for name in places.index]
    columns = (~places["kind"].isin(kinds), places["rank"], turns, -places["population"].fillna(0), places.index)
    return tuple(str(row[-1]) for row in sorted(zip(*columns, strict=True)))


@lru_cache(maxsize=32)
def shows_country(boundaries: Boundaries, camera: Camera) -> bool:
    """Return whether a frame shows the country rather than a part of it."""
    return bool(boundaries.country.intersection(camera.window).area >= WHOLE_SHARE * boundaries.country.area)


# The alt text


def tell_alt(facts: Facts) -> str:
    """Return what the picture shows in a few sentences: kind, day, the leading holder, what happened.

    As the length demands, places taken are dropped from the end, then the part of the country, then whole sentences
    from the end; no word is ever cut.
    """
    wordings = [*(_word_alt(facts, most) for most in range(MOST_NAMED, 0, -1)), _word_alt(facts, 1, brief=True)]
    good = [one for one in wordings[:-1] if len(run_on(one)) <= ALT_AIM]
    sentences = (good or [one for one in wordings[-2:] if len(run_on(one)) <= ALT_LONGEST] or wordings[-1:])[0]
    while len(run_on(sentences)) > ALT_LONGEST and len(sentences) > 1:
        sentences = sentences[:-1]
    text = run_on(sentences)
    return text if len(text) <= ALT_LONGEST else text[:ALT_LONGEST].rsplit(" ", 1)[0] + "…"


def _word_alt(facts: Facts, most: int, *, brief: bool = False) -> list[str]:
    """Return the sentences of an alt text that names so many of the places that were taken.

    A `brief` one does not say which part of the country the map shows.
    """
    on, last = facts.now.on, facts.frame.materials.control.last
    day, shown = long_day(on, facts.phrases), "" if brief else _say_reach(facts)
    map_of = facts.say("map_part", places=shown, day=day) if shown else facts.say("map", day=day)
    carried = [facts.say("carried", last=long_day(last, facts.phrases))] if on > last else []
    return [map_of, *carried, _say_lead(facts), *_say_news(facts, most)]


def _say_reach(facts: Facts) -> str:
    """Return which part of the country the map shows: its name, from where to where, or its largest places.

    "" when it shows all of it, or no place.
    """
    view, known = facts.frame.view, facts.frame.materials.boundaries.places.index
    if shows_country(facts.frame.materials.boundaries, facts.frame.camera):
        return ""
    if view.about:
        return facts.say("around", place=view.about) if view.title == "title_at" else view.about
    ends = [place for place in view.priority if place in known]
    if len(ends) > 1:
        start, end = facts.names((ends[0], ends[-1]))
        return facts.say("pair", start=start, end=end)
    return join(facts.names(facts.seen[:2]), facts.phrases)


def _say_lead(facts: Facts) -> str:
    """Return who holds the most land, and the most places if that is somebody else."""
    unknown = facts.frame.materials.control.unknown
    known = [one for one in facts.controllers if one.id != unknown] or list(facts.controllers)
    land, places = max(known, key=lambda one: one.area_km2), max(known, key=lambda one: one.places)
    if land is places or not places.places:
        return facts.say("lead", party=land.label)
    return facts.say("lead_split", land=land.label, places=places.label)


def _say_news(facts: Facts, most: int) -> list[str]:
    """Return what was taken on the day, or that nothing was and what had been before; what is fought over."""
    now, since, ranks = facts.now, facts.frame.order.since, facts.frame.materials.boundaries.places["rank"]
    taken, fought = _taken(facts, now.on), _fought(facts)
    if taken:
        fought = [place for place in fought if ranks[place] <= min(ranks[taken[0]], TOWN_RANK)]
    news = [_say_taken(facts, "taken", taken, most)] if taken else [] if fought else [facts.say("quiet")]
    news += [facts.say("disputed", places=facts.first_few(facts.names(fought), most))] if fought else []
    blocs = facts.frame.materials.theatre["gains"]["blocs"]
    earlier = [place for place in _taken(facts, since) if facts.bloc(now.held[place].party) in blocs]
    return news if taken or not earlier else [*news, _say_taken(facts, "taken_since", earlier, most)]


def _say_taken(facts: Facts, phrase: str, taken: Sequence[str], most: int) -> str:
    """Return what the taker of the most important place took."""
    taker = facts.now.held[taken[0]].party
    mine = [place for place in taken if facts.now.held[place].party == taker]
    places = facts.first_few(facts.names(mine[:most]), most, len(mine))
    since = short_day(facts.frame.order.since, facts.phrases)
    return facts.say(phrase, since=since, party=facts.party(taker), places=places)


def _taken(facts: Facts, since: date) -> list[str]:
    """Return the places in the frame that were taken on a known day since a day and are held, the first ones first."""
    held = ((place, facts.now.held[place]) for place in facts.seen)
    return [place for place, one in held if one.status == "held" and one.chip_to and one.chip_to >= since]


def _fought(facts: Facts) -> list[str]:
    """Return the contested places that are news: by a statement of the day, and cities on every day."""
    held, ranks = facts.now.held, facts.frame.materials.boundaries.places["rank"]
    said, today = read_backing(facts.frame.materials.control), facts.now.on.isoformat()
    fought = _with_status(facts, "contested")
    return [name for name in fought if ranks[name] <= CITY_RANK or said[held[name].statement].said.date == today]


def _with_status(facts: Facts, status: str) -> list[str]:
    return [place for place in facts.seen if facts.now.held[place].status == status]


# The long description


def tell_description(facts: Facts) -> str:
    """Return the map in words, a paragraph to a line: holders, advance, gains, air bases, doubts, sources."""
    tellers = (_tell_day, _tell_holders, _tell_advance, _tell_gains, _tell_bases, _tell_doubts, _tell_sources)
    paragraphs = [tell(facts) for tell in tellers]
    return "\n".join(run_on(paragraph) for paragraph in paragraphs if paragraph)


def _tell_day(facts: Facts) -> list[str]:
    """Return which evening the map shows, and which part of the country."""
    as_of = as_of_line(facts.now.on, facts.frame.materials.control.last, facts.phrases)
    whole, shown = shows_country(facts.frame.materials.boundaries, facts.frame.camera), _say_reach(facts)
    reach = [facts.say("reach")] if whole else [facts.say("reach_part", places=shown)] if shown else []
    return [facts.say("as_of", sentence=as_of), *reach]


def _tell_holders(facts: Facts) -> list[str]:
    """Return what each party holds: land, places and the largest of them, the most land first."""
    order = sorted(facts.controllers, key=lambda one: -one.area_km2)
    return [facts.say("holders"), *(_say_holder(facts, one) for one in order), facts.say("land_note")]


def _say_holder(facts: Facts, one: Controller) -> str:
    area, number = (sum(getattr(other, name) for other in facts.controllers) for name in ("area_km2", "places"))
    land = facts.share(one.area_km2 / area if area else 0.0)
    if not one.places:
        return facts.say("holds_land", party=one.label, land=land)
    told = {"party": one.label, "land": land, "share": facts.share(one.places / number), "n": one.places}
    largest = _largest_places(facts, one.id)
    if not largest:
        return facts.say("holds_unnamed", **told)
    return facts.say("holds", places=join(facts.names(largest), facts.phrases), **told)


def _largest_places(facts: Facts, party: str) -> list[str]:
    known, held = facts.list_places(), facts.now.held
    mine = (place for place in known if held[place].party == party and held[place].status == "held")
    return [place for place, _ in zip(mine, range(MOST_LARGEST), strict=False)]


def _tell_advance(facts: Facts) -> list[str]:
    """Return what was taken along the main road, who holds its places, where it changes hands, then the other roads."""
    seen = [road for road in facts.roads if road.pieces]
    main = next((road for road in seen if road.main), None)
    told = _tell_main_road(facts, main) if main else []
    cut = [road for road in seen if road.cut and road is not main]
    km: dict[str, Counter[str]] = {}
    for road in cut:
        km.setdefault(road.ref, Counter()).update(road.km_by_controller)
    numbered = [facts.say("road_cut", ref=ref, parts=_say_km(facts, km[ref])) for ref in sorted(km) if ref]
    told += [facts.say("roads_cut", roads=facts.also(numbered))] if numbered else []
    bare = sum(not road.ref for road in cut)
    return [*told, facts.say("roads_unnumbered", n=bare)] if bare else told


def _tell_main_road(facts: Facts, road: Road) -> list[str]:
    now, since, names, told = facts.now, facts.frame.order.since, facts.stops, []
    ref = road.ref or road.name
    blocs = facts.frame.materials.theatre["gains"]["blocs"]
    taken = set(_taken(facts, since))
    dated = [
        facts.say("dated", place=names[stop], day=facts.days(now.held[stop]))
        for stop in names
        if stop in taken and facts.bloc(now.held[stop].party) in blocs
    ]
    if dated:
        day = short_day(since, facts.phrases)
        told.append(facts.say("advance", ref=ref, since=day, places=join(dated, facts.phrases)))
    if names:
        runs = groupby(names, key=lambda stop: _holding(now.held[stop]))
        told.append(facts.say("along", ref=ref, runs=facts.also(_say_run(facts, *run) for run in runs)))
    ends = [
        facts.say("pair", start=names[one], end=names[other])
        for one, other in pairwise(names)
        if facts.bloc(now.held[one].party) != facts.bloc(now.held[other].party)
    ]
    told += [facts.say("changes", ref=ref, pairs=join(ends, facts.phrases))] if ends else []
    return [*told, facts.say("road", ref=ref, parts=_say_km(facts, road.km_by_controller))]


def _holding(held: Held) -> tuple[str, str]:
    """Return who holds a place, and the rival where it is contested."""
    return held.party, held.rival if held.status == "contested" else ""


def _say_run(facts: Facts, holding: tuple[str, str], stops: Iterable[str]) -> str:
    """Return places in a row along a road and who holds them."""
    party, rival = holding
    told = {"places": join([facts.stops[stop] for stop in stops], facts.phrases), "party": facts.party(party)}
    return facts.say("run_contested", rival=facts.party(rival), **told) if rival else facts.say("run", **told)


def _say_km(facts: Facts, km: Mapping[str, float]) -> str:
    """Return how much of a road each party holds, the most first."""
    order = sorted(km, key=lambda party: (-km[party], party))
    parts = [facts.say("part", party=facts.party(party), n=round(km[party])) for party in order if round(km[party])]
    return str(facts.phrases["comma"]).join(parts)


def _tell_gains(facts: Facts) -> list[str]:
    """Return what was taken in the frame since gains are counted, by party, each place with its days."""
    since = facts.frame.order.since
    if facts.now.on < since:
        return []
    taken, day = _taken(facts, since), short_day(since, facts.phrases)
    if not taken:
        return [facts.say("gains_none", since=day)]
    by_party: dict[str, list[str]] = {}
    for place in taken:
        by_party.setdefault(facts.now.held[place].party, []).append(place)
    return [facts.say("gains", since=day, n=len(taken)), *(_say_gains(facts, *mine) for mine in by_party.items())]


def _say_gains(facts: Facts, party: str, places: Sequence[str]) -> str:
    """Return the most important places that a party took, in the order of their days."""
    named, held = list(places[:MOST_DATED]), facts.now.held
    named.sort(key=lambda place: held[place].chip_to or facts.now.on)
    words = [
        facts.say("dated", place=name, day=facts.days(held[place]))
        for place, name in zip(named, facts.names(named), strict=True)
    ]
    return facts.say("gained", party=facts.party(party), places=facts.first_few(words, MOST_DATED, len(places)))


def _tell_bases(facts: Facts) -> list[str]:
    """Return the air bases lost in the country with day and taker, then those on the map that are not lost."""
    since, told = facts.frame.order.since, []
    lost = [base for base in facts.bases if base.status == "lost" and base.lost_on >= since.isoformat()]
    day = short_day(since, facts.phrases)
    if lost:
        words = [_say_base(facts, base) for base in sorted(lost, key=lambda base: base.lost_on)]
        told.append(facts.say("bases_lost", since=day, n=len(lost), bases=facts.also(words)))
    elif facts.bases and facts.now.on >= since:
        told.append(facts.say("bases_none", since=day))
    drawn = {marker.id for marker in facts.markers if marker.kind == "base"}
    kept = [base.name for base in facts.bases if base.status == "held" and base.place in drawn]
    return [*told, facts.say("bases_held", bases=join(kept, facts.phrases))] if kept else told


def _say_base(facts: Facts, base: Base) -> str:
    day = short_day(date.fromisoformat(base.lost_on), facts.phrases)
    return facts.say("base", place=base.name, day=day, party=facts.party(base.lost_to))


def _tell_doubts(facts: Facts) -> list[str]:
    """Return what is uncertain: places fought over, claimed or left, fronts that are a guess, land with few people."""
    doubts = {status: _with_status(facts, status) for status in ("contested", "claimed", "vacated")}
    told = [
        facts.say(status, places=facts.first_few([_say_rivals(facts, place) for place in places], MOST_DATED))
        for status, places in doubts.items()
        if places
    ]
    told += [] if doubts["contested"] or doubts["claimed"] else [facts.say("certain")]
    front, guess = (
        sum(line.geometry.length for line in facts.lines if line.kind == kind) for kind in ("front", "front-guess")
    )
    told += [facts.say("guess", share=facts.share(guess / (front + guess)))] if guess else []
    told += [facts.say("sparse", share=facts.share(facts.sparse_share))] if facts.sparse_share else []
    old = facts.age.stale_days
    told += [facts.phrases["age"]["told"].format(n=old, share=facts.share(facts.age.stale_share))] if old else []
    number = Counter(one.confidence for one in facts.evidence)
    return [*told, facts.say("confidence", **{name: number[name] for name in CONFIDENCES})]


def _say_rivals(facts: Facts, place: str) -> str:
    """Return a place with both its parties; the name alone where only one is known."""
    held, name = facts.now.held[place], facts.names([place])[0]
    if not held.rival:
        return name
    return facts.say("between", place=name, party=facts.party(held.party), rival=facts.party(held.rival))


def _tell_sources(facts: Facts) -> list[str]:
    """Return how many statements and outlets the map stands on, and the day of the newest."""
    if not facts.evidence:
        return []
    newest = long_day(date.fromisoformat(max(one.date for one in facts.evidence)), facts.phrases)
    return [facts.say("sources", n=len(facts.evidence), outlets=facts.outlets, newest=newest)]
