"""The command line: thin; every command calls one function of the product."""

from __future__ import annotations

import os

import typer

from pipeline.cli.mention_training import (
    train_assertion_command,
    train_bert_command,
    train_scispacy_command,
    train_senses_command,
)
from pipeline.cli.phi_training import train_phi_bert_command, train_phi_command
from pipeline.cli.results import explain, review, show
from pipeline.cli.runs import doctor, init, run
from pipeline.cli.scores import evaluate
from pipeline.cli.vocabulary import build_vocabulary_command

app = typer.Typer(
    name="chartsift",
    help="Turn free-text clinical notes into de-identified tables that analysts can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (init, run, show, explain, review, doctor, evaluate):
    app.command()(command)

train_app = typer.Typer(help="Train the shipped models anew, reproducibly.", no_args_is_help=True)
train_app.command("assertion")(train_assertion_command)
train_app.command("bert")(train_bert_command)
train_app.command("phi")(train_phi_command)
train_app.command("phi-bert")(train_phi_bert_command)
train_app.command("scispacy")(train_scispacy_command)
train_app.command("senses")(train_senses_command)
app.add_typer(train_app, name="train")

vocabulary_app = typer.Typer(help="Make vocabularies of concepts.", no_args_is_help=True)
vocabulary_app.command("build")(build_vocabulary_command)
app.add_typer(vocabulary_app, name="vocabulary")


def main() -> None:
    """Run the command line."""
    os.umask(0o077)
    app(prog_name="chartsift")
