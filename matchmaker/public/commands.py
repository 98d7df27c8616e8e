"""Commands for whoever works on the installation's texts."""

import click


@click.command("catalogue")
def catalogue() -> None:
    """Write the catalogue of messages anew from sources, templates and vocabularies."""
    from matchmaker.public.catalogue import FILE, write

    click.echo(f"{write()} messages in {FILE}")
