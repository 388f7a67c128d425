"""Each quick check passes a real map and fails it when its one rule is broken."""

import pytest
from pyproj import Transformer

from syriamap.lint import CHECKS, Verdict
from syriamap.model import Box

RULES = {check.number: check for check in CHECKS}


def ask(number, said):
    return RULES[number].find(said, None)


def by(entries, **wanted):
    return next(one for one in entries if all(one[key] == value for key, value in wanted.items()))


def label(said, place="idlib"):
    return by(said["labels"], place=place)


def put(entry, box):
    """Move a label with all its words and its chip."""
    for text in entry["texts"]:
        text["box_px"] = list(box)
    entry["box_px"] = list(box)
    if entry["chip_px"]:
        entry["chip_px"] = list(box)


# Ways to break a map, by check: what is done to the sidecar, and what the fault says.


def overlap(said):
    put(label(said), label(said, "homs")["box_px"])


def overlap_by_a_halo(said):
    box, px = Box(*label(said)["box_px"]), label(said)["texts"][0]["font_px"]
    put(label(said, "homs"), box.shift(box.width + 0.2 * px, 0))


def overlap_by_a_chip(said):
    entry = label(said, "aleppo")
    entry["chip_px"] = label(said)["box_px"]


def run_over_the_key(said):
    day, row = by(said["furniture"], kind="as-of")["texts"][0], said["legend"][0]["texts"][0]
    day["box_px"] = [edge + 5 for edge in row["box_px"]]


def stand_on_a_sign(said):
    put(label(said), by(said["markers"], place="homs")["box_px"])


def stand_on_a_shield(said):
    put(label(said), said["shields"][0]["box_px"])


def stand_on_the_scale_bar(said):
    put(label(said), said["scale_bar"]["box_px"])


def stand_on_the_inset(said):
    put(label(said), by(said["furniture"], kind="inset")["box_px"])


def leave_the_margin(said):
    title = by(said["furniture"], kind="title")["texts"][0]
    title["box_px"] = [0.009 * said["size_px"][0], *title["box_px"][1:]]


def stand_where_apps_cut_off(said):
    said["safe_px"] = [0, 100, 0, 0]


def leave_the_map(said):
    label(said)["box_px"][1] = said["map_box_px"][1] - 1


def stray(said):
    by(said["markers"], place="idlib").update(at_px=[0.0, 0.0], box_px=[0.0, 0.0, 1.0, 1.0])


def lose_the_sign(said):
    said["markers"] = [marker for marker in said["markers"] if marker["place"] != "idlib"]


def lose_a_priority_place(said):
    said["priority"].append("nowhere")


def crowd(said):
    x0, y0, x1, y1 = said["map_box_px"]
    put(label(said), [x0, y0, x1, y0 + 0.171 * (y1 - y0)])
    said["labels"] = [label(said)]
    said["priority"] = []


def shrink_a_label(said):
    label(said)["texts"][0]["font_px"] = said["min_px"] - 0.1


def shrink_a_word_of_the_key(said):
    said["legend"][0]["texts"][0]["font_px"] = said["min_px"] - 0.1


def shrink_below_six_points(said):
    said.update(size="print-1col", dpi=300, min_px=10)
    label(said)["texts"][0]["font_px"] = 24.5
    for text in (text for piece in (*said["legend"], *said["furniture"]) for text in piece["texts"]):
        text["font_px"] = 60


def fade_a_label(said):
    label(said, "baniyas")["texts"][0].update(colour="#777777", halo="#FFFFFF", bold=False, font_px=16.0)  # 4.48


def fade_a_word_without_halo(said):
    by(said["furniture"], kind="notes")["texts"][0]["colour"] = "#AAAAAA"


def fade_a_headline(said):
    by(said["furniture"], kind="title")["texts"][0]["colour"] = "#959595"  # 2.998 on white


def fade_a_front(said):
    by(said["lines"], kind="front").update(colour="#8A9A5B", casing="", on=["#F4B899"])


def fade_the_main_road(said):
    by(said["lines"], kind="road-piece").update(colour="#FFFFFF", casing="#EEEEEE", on=["#F4B899"])


def fade_a_sign(said):
    said["markers"][0].update(colour="#F4B899", casing="#F4B890", on=["#F4B899", "#F3F0EA"])


def fade_a_shield(said):
    said["shields"][0].update(colour="#F4B899", casing="#FFFFFF", on=["#F4B899"])


def fade_the_stripes(said):
    by(said["lines"], kind="contested").update(colour="#3AA272", casing="", on=["#F4B899"])


def liken_neighbours(said):
    """12 apart is enough for parties apart and too little for neighbours."""
    one, other = by_pair(said)
    one.update(fill="#F4B899", pattern="")
    other.update(fill="#FCE36F", pattern="")


def liken_strangers(said):
    one, other = by_pair(said)
    said["neighbours"] = []
    one.update(fill="#3AA272", pattern="")
    other.update(fill="#5C85B1", pattern="")


def liken_for_the_colour_blind(said):
    one, other = by_pair(said)
    one.update(fill="#D7191C", pattern="dots")
    other.update(fill="#5F7A00", pattern="dots")


def by_pair(said):
    parties = said["palette"]["parties"]
    return next((parties[a], parties[b]) for a, b in said["neighbours"] if a in parties and b in parties)


def go_plain_in_print(said):
    said["theme"] = "print"
    for number, style in enumerate(said["palette"]["parties"].values()):
        style.update(pattern="", fill=("#000000", "#777777", "#FFFFFF", "#FFDD00")[number])


def tell_by_colour_alone(said):
    party = next(iter(said["palette"]["parties"]))
    said["palette"]["parties"][party]["pattern"] = ""
    said["labels"] = [one for one in said["labels"] if one["place"] != f"party:{party}"]


def name_a_party_on_foreign_land(said):
    party = next(iter(said["palette"]["parties"]))
    said["palette"]["parties"][party]["pattern"] = ""
    by(said["labels"], place=f"party:{party}")["on"] = "nobody"


def drop_the_row_of_a_small_party(said):
    said["palette"]["parties"]["small"] = said["palette"]["parties"]["sdf"] | {"pattern": ""}


def drop_a_party_from_the_key(said):
    said["legend"] = said["legend"][1:]


def drop_a_sign_from_the_key(said):
    said["legend"].remove(by(said["legend"], id="base-lost"))


def drop_the_date_from_the_key(said):
    said["legend"].remove(by(said["legend"], id="date"))


def drop_the_road_from_the_key(said):
    said["legend"].remove(by(said["legend"], id="road"))
    assert by(said["lines"], kind="road-piece")


def explain_what_is_not_there(said):
    said["legend"].append(said["legend"][0] | {"id": "field"})


def explain_twice(said):
    said["legend"].append(said["legend"][0])


def swap_rows(said):
    one, other = said["legend"][0], said["legend"][1]
    one["swatch_px"], other["swatch_px"] = other["swatch_px"], one["swatch_px"]


def swap_signs(said):
    one, other = by(said["legend"], id="base-held"), by(said["legend"], id="claimed")
    one["swatch_px"], other["swatch_px"] = other["swatch_px"], one["swatch_px"]


def date_the_picture_wrongly(said):
    by(said["furniture"], kind="as-of")["text"] = "Areas of control at the end of 6 December 2024"


def hide_the_day(said):
    said["furniture"] = [piece for piece in said["furniture"] if piece["kind"] != "as-of"]


def know_the_future(said):
    said["newest_statement"] = "2024-12-06"


def date_a_capture_later(said):
    said["events"][0]["last"] = "2024-12-06"


def lose_a_base_later(said):
    said["bases"][0]["lost_on"] = "2024-12-06"


def forget_the_sources(said):
    by(said["furniture"], kind="sources")["text"] = ""


def forget_the_credit(said):
    said["furniture"] = [piece for piece in said["furniture"] if piece["kind"] != "credit"]


def forget_the_day_of_a_source(said):
    said["sources"][0]["date"] = "lately"


def list_no_source(said):
    said["sources"] = []


def doubt_an_event(said):
    said["events"][0]["confidence"] = "sure"


def forget_who_said_it(said):
    said["events"][0]["source"] = ""


def forget_who_saw_the_base(said):
    drawn = {marker["place"] for marker in said["markers"]}
    next(base for base in said["bases"] if base["place"] in drawn)["source"] = ""


def draw_a_date_without_event(said):
    said["events"] = said["events"][1:]


def draw_a_base_without_entry(said):
    said["bases"] = []


def fill_contested_land(said):
    by(said["patches"], look="contested")["pattern"] = ""


def fill_claimed_land(said):
    by(said["patches"], look="claimed")["pattern"] = ""


def leave_contested_unexplained(said):
    by(said["legend"], id="contested")["label"] = ""


def explain_claims_without_pattern(said):
    by(said["legend"], id="claimed")["pattern"] = ""


def keep_silent_about_the_desert(said):
    by(said["furniture"], kind="notes")["text"] = "Control: the side that holds the nearest known place."


def draw_a_disputed_line_solid(said):
    said["lines"].append(said["lines"][0] | {"kind": "disputed", "dash": []})
    said["disclaimer"] = said["furniture"][-1]["text"]


def draw_a_disputed_line_without_disclaimer(said):
    said["lines"].append(said["lines"][0] | {"kind": "disputed", "dash": [3.0, 2.0]})
    said["disclaimer"] = "Lines are not endorsed."


def lengthen_the_bar(said):
    said["scale_bar"]["px"] *= 1.006


def lengthen_the_miles(said):
    said["scale_bar"]["miles_px"] *= 0.994


def misread_the_bar(said):
    said["scale_bar"]["texts"][0]["text"] = "60 km"


def move_the_bar(said):
    said["scale_bar"]["lat"] += 0.5


def reproject(said, crs):
    """Draw the same frame in another projection."""
    to_map = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    edges, degrees = said["extent_m"], said["extent"]
    x, y = to_map.transform((degrees["west"] + degrees["east"]) / 2, (degrees["south"] + degrees["north"]) / 2)
    width, height = edges["east"] - edges["west"], edges["north"] - edges["south"]
    said["crs"] = crs
    edges.update(west=x - width / 2, east=x + width / 2, south=y - height / 2, north=y + height / 2)


def draw_in_web_mercator(said):
    reproject(said, "EPSG:3857")


def draw_in_degrees(said):
    said["crs"] = "EPSG:4326"


def draw_far_from_the_centre(said):
    reproject(said, said["crs"].replace("lon_0=37", "lon_0=40"))


def draw_too_wide(said):
    for edge in said["extent_m"]:
        said["extent_m"][edge] *= 3


def draw_out_of_scale(said):
    reproject(said, said["crs"].replace("lat_1=33.2 +lat_2=36.4", "lat_1=40 +lat_2=50"))


def lie_about_the_extent(said):
    said["extent"]["west"] -= 0.1


def stretch(said):
    said["extent_m"]["north"] += 2000


BROKEN = [
    (1, overlap, "'Homs' overlaps 'Idlib'"),
    (1, overlap_by_a_halo, "overlaps"),
    (1, run_over_the_key, "runs over 'Government'"),
    (1, overlap_by_a_chip, "'Aleppo' overlaps 'Idlib'"),
    (2, stand_on_a_sign, "'Idlib' stands on the sign of homs"),
    (2, stand_on_a_shield, "stands on the shield"),
    (2, stand_on_the_scale_bar, "stands on the scale bar"),
    (2, stand_on_the_inset, "stands on the inset"),
    (3, leave_the_margin, "leaves the safe area"),
    (3, stand_where_apps_cut_off, "leaves the safe area"),
    (3, leave_the_map, "leaves the map"),
    (4, stray, "'Idlib' (idlib) is nearest to the sign of"),
    (4, lose_the_sign, "no sign of its own"),
    (5, lose_a_priority_place, "nowhere has no label"),
    (5, crowd, "labels cover 17.1 %"),
    (6, shrink_a_label, "label 'Idlib'"),
    (6, shrink_a_word_of_the_key, "key row"),
    (6, shrink_below_six_points, "expected 25.00 px"),
    (7, fade_a_label, "contrast of 4.48; expected 4.5"),
    (7, fade_a_word_without_halo, "notes"),
    (7, fade_a_headline, "expected 3.0"),
    (8, fade_a_front, "line front"),
    (8, fade_the_main_road, "line road-piece"),
    (8, fade_a_sign, "sign square"),
    (8, fade_a_shield, "shield"),
    (8, fade_the_stripes, "line contested"),
    (9, liken_neighbours, "expected 15"),
    (9, liken_strangers, "expected 10"),
    (9, liken_for_the_colour_blind, "deutan"),
    (9, go_plain_in_print, "expected 2 without at most in print"),
    (10, tell_by_colour_alone, "told by colour alone"),
    (10, name_a_party_on_foreign_land, "told by colour alone"),
    (10, drop_the_row_of_a_small_party, "small has neither"),
    (11, drop_a_party_from_the_key, "not in the key"),
    (11, drop_a_sign_from_the_key, "'base-lost' is in the frame and not in the key"),
    (11, drop_the_date_from_the_key, "'date' is in the frame and not in the key"),
    (11, drop_the_road_from_the_key, "'road' is in the frame and not in the key"),
    (11, explain_what_is_not_there, "'field' is in the key and not in the frame"),
    (11, explain_twice, "2 times"),
    (11, swap_rows, "stands before"),
    (11, swap_signs, "stands before"),
    (13, date_the_picture_wrongly, "expected '5 December 2024'"),
    (13, hide_the_day, "expected '5 December 2024'"),
    (13, know_the_future, "the newest statement is of 2024-12-06"),
    (13, date_a_capture_later, "the chip"),
    (13, lose_a_base_later, "the loss of"),
    (14, forget_the_sources, "no line 'sources'"),
    (14, forget_the_credit, "no line 'credit'"),
    (14, forget_the_day_of_a_source, "the day 'lately'"),
    (14, list_no_source, "no source is listed"),
    (15, doubt_an_event, "confidence 'sure'"),
    (15, forget_who_said_it, "source ''"),
    (15, forget_who_saw_the_base, "air base"),
    (15, draw_a_date_without_event, "is no event"),
    (15, draw_a_base_without_entry, "is drawn and not listed"),
    (16, fill_contested_land, "contested land of government has a solid fill"),
    (16, fill_claimed_land, "claimed land of government has a solid fill"),
    (16, leave_contested_unexplained, "does not explain 'contested'"),
    (16, explain_claims_without_pattern, "does not explain 'claimed'"),
    (17, keep_silent_about_the_desert, "the notes do not say"),
    (18, draw_a_disputed_line_solid, "is solid"),
    (18, draw_a_disputed_line_without_disclaimer, "no disclaimer"),
    (19, lengthen_the_bar, "the bar of 50 km measures 50.30 km"),
    (19, lengthen_the_miles, "the bar of 25 mi measures 24.85 mi"),
    (19, misread_the_bar, "the bar says [60.0, 25.0]"),
    (19, move_the_bar, "degrees north"),
    (19, draw_in_web_mercator, "EPSG:3857"),
    (19, draw_in_degrees, "EPSG:4326"),
    (20, draw_in_web_mercator, "scale runs from"),
    (20, draw_in_degrees, "plain degrees"),
    (20, draw_far_from_the_centre, "at the centre"),
    (20, draw_too_wide, "at the centre; expected 3.5 and 1.5 at most"),
    (20, draw_out_of_scale, "scale runs from"),
    (20, lie_about_the_extent, "the frame runs west"),
    (20, stretch, "m wide and"),
]


@pytest.mark.parametrize("number", sorted({number for number, *_ in BROKEN}))
def test_a_sound_map_passes(sidecar, number):
    finding = ask(number, sidecar("2024-12-05", "country") if number == 18 else sidecar())
    assert finding.verdict is Verdict.PASS, finding.faults
    assert finding.figure


@pytest.mark.parametrize(("number", "break_rule", "told"), BROKEN, ids=[f"{n}-{f.__name__}" for n, f, _ in BROKEN])
def test_a_broken_rule_is_a_fault(sidecar, number, break_rule, told):
    said = sidecar()
    break_rule(said)
    finding = ask(number, said)
    assert finding.verdict is Verdict.FAULT
    assert any(told in fault for fault in finding.faults), finding.faults
    assert all("expected" in fault for fault in finding.faults)


def test_every_quick_check_can_fail():
    assert {number for number, *_ in BROKEN} == {check.number for check in CHECKS if check.quick}


# What must not be a fault


def test_labels_may_touch_their_own_sign(sidecar):
    said = sidecar()
    put(label(said), by(said["markers"], place="idlib")["box_px"])
    assert not any("sign of idlib" in fault for fault in ask(2, said).faults)


def test_a_leader_tells_whose_label_it_is(sidecar):
    said = sidecar()
    stray(said)
    label(said)["leader"] = True
    assert ask(4, said).verdict is Verdict.PASS


def test_large_text_needs_less_contrast_and_bold_text_sooner(sidecar):
    said = sidecar()
    text = label(said)["texts"][0]
    css = said["min_px"] / 12
    for px, bold, verdict in [
        (23.9, False, "FAULT"),
        (24.1, False, "pass"),
        (18.6, True, "FAULT"),
        (18.8, True, "pass"),
    ]:
        text.update(colour="#8A8A8A", halo="#FFFFFF", font_px=px * css, bold=bold)  # 3.45
        assert ask(7, said).verdict == verdict, (px, bold)


def test_a_casing_is_enough(sidecar):
    said = sidecar()
    by(said["lines"], kind="front").update(colour="#F4B899", casing="#262626", on=["#F4B899"])
    assert ask(8, said).verdict is Verdict.PASS


def test_quiet_lines_may_be_faint(sidecar):
    said = sidecar()
    by(said["lines"], kind="governorate").update(colour="#FFFFFF", casing="", on=["#F4B899"])
    by(said["lines"], kind="river").update(colour="#8FB4C8", casing="", on=["#F3F0EA"])
    assert ask(8, said).verdict is Verdict.PASS


def test_stripes_pass_with_a_dark_line_between_them(sidecar):
    said = sidecar()
    fade_the_stripes(said)
    said["lines"].append(by(said["lines"], kind="contested") | {"kind": "contested-edge", "colour": "#262626"})
    assert ask(8, said).verdict is Verdict.PASS


def test_patterns_tell_alike_parties_apart(sidecar):
    said = sidecar()
    one, other = by_pair(said)
    one.update(fill="#3AA272", pattern="dots")
    other.update(fill="#3AA272", pattern="stripes")
    assert ask(9, said).verdict is Verdict.PASS


def test_a_party_alone_cannot_be_taken_for_another(sidecar):
    said = sidecar()
    said["palette"]["parties"] = {"sdf": said["palette"]["parties"]["sdf"]}
    assert ask(9, said).verdict is Verdict.NOT_APPLICABLE


def test_the_name_of_a_special_area_tells_its_party(sidecar):
    said = sidecar()
    party = next(iter(said["palette"]["parties"]))
    tell_by_colour_alone(said)
    label(said).update(place="area:zone", on=party)
    assert ask(10, said).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("number", "day", "why"),
    [(15, "2024-11-26", ""), (16, "2024-11-26", "no contested"), (18, "2024-12-05", "no disputed line")],
)
def test_what_does_not_apply_says_why(sidecar, number, day, why):
    said = sidecar(day)
    if number == 15:
        said["markers"], said["events"], said["labels"] = [], [], []
    finding = ask(number, said)
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert why in finding.figure


def test_little_desert_needs_no_note(sidecar):
    said = sidecar()
    keep_silent_about_the_desert(said)
    said["sparse_share"] = 0.1
    assert ask(17, said).verdict is Verdict.NOT_APPLICABLE


def test_numbers_in_other_digits_are_read(sidecar):
    said = sidecar()
    said["scale_bar"]["texts"][0]["text"] = "٥٠ كم"
    assert ask(19, said).verdict is Verdict.PASS
