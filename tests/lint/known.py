"""What real maps fail for now, in one place: take a line out when its maps are mended.

By check: the views and sizes in which at least one day fails it.
"""

from syriamap.lint.colours import check_text_contrast
from syriamap.lint.layout import check_labels_apart, check_labels_on_signs, check_nearest_sign

EVERYWHERE = {(view, size) for view in ("advance", "country") for size in ("web", "portrait")}
COUNTRY = {("country", "web"), ("country", "portrait")}

KNOWN = {
    1: EVERYWHERE,  # halos touch where places are dense
    2: {("advance", "portrait"), ("country", "web")},  # halos touch neighbouring signs
    4: EVERYWHERE,  # names nearer to a neighbour's sign than to their own
    7: EVERYWHERE,  # a party's name on its own gained land
    8: EVERYWHERE,  # borders on dark fills, contested stripes and claims without a dark line, bare stretches of road
    9: EVERYWHERE,  # fills too near in lightness
    10: EVERYWHERE,  # parties whose name finds no room
    16: COUNTRY,  # contested patches so small that no stripe meets them
    20: COUNTRY,  # the projection's centre lies two degrees west of the view's
}


def mend(said):
    """Return a sidecar without the known faults: what cannot be told apart becomes black on white, strays go."""
    for text in (text for label in said["labels"] for text in label["texts"]):
        text.update(colour="#000000", halo="#FFFFFF")
    for thing in (*said["lines"], *said["markers"], *said["shields"]):
        thing.update(colour="#000000", casing="#FFFFFF")
    for number, style in enumerate(said["palette"]["parties"].values()):
        style["pattern"] = f"pattern {number}"
    for patch in said["patches"]:
        patch["pattern"] = patch["pattern"] or "stripes"
    for check in (check_labels_apart, check_labels_on_signs, check_nearest_sign):
        while found := check(said).faults:
            name = found[0].split("'")[1]
            said["labels"] = [label for label in said["labels"] if label["text"] != name]
            said["priority"] = [place for place in said["priority"] if place != name.casefold()]
    dated = {label["place"] for label in said["labels"] if label["chip_px"]}
    said["events"] = [event for event in said["events"] if event["place"] in dated]
    assert not check_text_contrast(said).faults
    return said
