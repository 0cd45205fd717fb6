"""CARD.md: what a network learned from, how, and how well it reads. Written from the run's own record."""

import json


def card(about, run, exported, data, command):
    """Markdown. `run`: a Training; `exported`: what export() measured; `data`: options of the shards by folder name."""
    last = run.history[-1]["figures"] if run.history else {}
    return "\n".join(
        [
            f"# {about['id']}: {about['title']}",
            "",
            f"Trained with `{command}` (docs/training.md), on drawn lines alone: no photograph was learned from.",
            "",
            "| | |",
            "|---|---|",
            f"| seed | {run.plan.seed} |",
            f"| lines seen | {run.sizes:,} in {run.step:,} steps |",
            f"| time | {run.seconds / 3600:.2f} hours |",
            f"| machine | {about['machine']} |",
            f"| weights | {exported['bytes']:,} bytes, stored in {exported['storage']}; "
            f"{exported['texts_changed_by_16_bits']} of {exported['texts_compared']} texts change in 16 bits |",
            f"| export | logits differ from torch's by {exported['difference']:.1e} at most |",
            f"| a line of 320 columns | {exported['milliseconds']:.1f} ms of CPU time on one thread |",
            "",
            "## How right",
            "",
            "`exact` and `ned` as `placard eval` has them; `exact_case` keeps case and punctuation. These are the recipe's own",
            "readings while it trained.",
            "",
            "| set | lines | exact | exact_case | ned |",
            "|---|---|---|---|---|",
            *(_row(name, figures) for name, figures in last.items()),
            "",
            "## On the way",
            "",
            "| step | hours | set | exact | ned |",
            "|---|---|---|---|---|",
            *_course(run.history),
            "",
            "## The data",
            "",
            *(f"`{name}`:\n\n```json\n{json.dumps(options, ensure_ascii=False, indent=2)}\n```\n" for name, options in data.items()),
        ]
    )


def _row(name, figures):
    return f"| {name} | {figures['n']} | {figures['exact']:.3f} | {figures['exact_case']:.3f} | {figures['ned']:.3f} |"


def _course(history, most=12):
    # A long run has hundreds of evaluations: some, evenly spread, tell the story.
    every = max(1, -(-len(history) // most))
    for entry in history[::-1][::every][::-1]:
        for name, figures in entry["figures"].items():
            yield f"| {entry['step']:,} | {entry['seconds'] / 3600:.2f} | {name} | {figures['exact']:.3f} | {figures['ned']:.3f} |"
