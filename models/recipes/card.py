"""CARD.md: what a network learned from, how, and how well it reads. Written from the run's own record."""

import json


def card(about, run, exported, data, measured, command):
    """Markdown. `run`: a Training; `exported`: what export() measured; `data`: options of the shards by folder name;
    `measured`: objects of `placard eval --json`."""
    last = run.history[-1]["figures"] if run.history else {}
    what = run.recipe.what
    return "\n".join(
        [
            f"# {about['id']}: {about['title']}",
            "",
            f"Trained with `{command}` (docs/training.md), on drawn {what} alone: no photograph was learned from.",
            "",
            "| | |",
            "|---|---|",
            f"| seed | {run.plan.seed} |",
            f"| {what} seen | {run.sizes:,} in {run.step:,} steps |",
            f"| time | {run.seconds / 3600:.2f} hours |",
            f"| machine | {about['machine']} |",
            f"| weights | {exported['bytes']:,} bytes, stored in {exported['storage']}; "
            f"{exported['changed']} of {exported['compared']} answers change in 16 bits |",
            f"| export | outputs differ from torch's by {exported['difference']:.1e} at most |",
            f"| {exported['timed']} | {exported['milliseconds']:.1f} ms of CPU time on one thread |",
            "",
            *_measured(measured),
            "## As the recipe has it",
            "",
            "Its own readings at the end, as `placard eval` scores them, of what was never learned from.",
            "",
            *_table(last),
            "",
            "## On the way",
            "",
            *_course(run.history),
            "",
            "## The data",
            "",
            *(f"`{name}`:\n\n```json\n{json.dumps(_short(options), ensure_ascii=False, indent=2)}\n```\n" for name, options in data.items()),
        ]
    )


def _measured(measured):
    if measured:
        yield from ("## How right, by `placard eval`", "")
        for figures in measured:
            said = ", ".join(f"{key} {_number(value)}" for key, value in figures.items() if isinstance(value, int | float))
            yield f"- {figures.get('set', '')}: {said}"
        yield ""


def _table(sets):
    """A row a set, with the figures that the first one has."""
    for place, (name, figures) in enumerate(sets.items()):
        if place == 0:
            yield f"| set | {' | '.join(figures)} |"
            yield f"|---{'|---' * len(figures)}|"
        yield f"| {name} | {' | '.join(map(_number, figures.values()))} |"


def _number(value):
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}"


def _short(options):
    """An alphabet of thousands stands beside the card; here it is enough how many they are."""
    return {key: len(value) if key == "characters" and value else value for key, value in options.items()}


def _course(history, most=12):
    # A long run has hundreds of evaluations: some, evenly spread, tell the story.
    every = max(1, -(-len(history) // most))
    rows = {
        f"{entry['step']:,} steps, {entry['seconds'] / 3600:.2f} h, {name}": figures
        for entry in history[::-1][::every][::-1]
        for name, figures in entry["figures"].items()
    }
    yield from _table(rows)
