"""Issues of GitHub, through PyGithub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_drift.tickets.planning import Act, Step, Ticket

LABEL = "tagwright-drift"


class Tracker(Protocol):
    """Where issues live."""

    def tickets(self) -> Iterator[Ticket]:
        """Every issue with our label, open and closed."""

    def take(self, step: Step) -> str:
        """Do one step; the address of the issue. Raises InputError when the tracker refuses."""


class GitHub:
    """One repository. `token` needs to read and write issues; it is never printed. `pause`: seconds between two
    writes, as GitHub asks of programs ("Best practices for using the REST API").
    """

    def __init__(
        self,
        repository: str,
        token: str,
        api: str = "https://api.github.com",
        label: str = LABEL,
        pause: float = 1.0,
    ) -> None:
        try:
            import github  # noqa: PLC0415 - only the command that writes issues needs it
        except ImportError:
            raise MissingExtraError("github", "writing GitHub issues") from None
        self._errors: tuple[type[Exception], ...] = (github.GithubException, OSError, ValueError)
        self._label = label
        self._name = repository
        client = github.Github(
            auth=github.Auth.Token(token),
            base_url=api,
            per_page=100,
            timeout=30,
            retry=3,
            seconds_between_writes=pause,
            seconds_between_requests=0,
        )
        self._repository: Any = self._ask(lambda: client.get_repo(repository))

    def tickets(self) -> Iterator[Ticket]:
        found = self._ask(lambda: list(self._repository.get_issues(state="all", labels=[self._label])))
        for issue in found:
            # By its address: `pull_request` is absent from a listed issue, and PyGithub would ask for each one again.
            if not issue.html_url.endswith(f"/pull/{issue.number}"):
                yield Ticket(issue.number, issue.title or "", issue.body or "", issue.state == "open")

    def take(self, step: Step) -> str:
        return str(self._ask(lambda: self._do(step)))

    def _do(self, step: Step) -> str:
        if step.act is Act.CREATE:
            made = self._repository.create_issue(title=step.title, body=step.body, labels=[self._label])
            if self._label not in {label.name for label in made.labels}:
                raise self._unlabelled(made)
            return str(made.html_url)
        issue = self._repository.get_issue(step.number)
        if step.act is Act.CLOSE:
            issue.edit(state="closed", state_reason="completed")
        elif step.act is Act.REOPEN:
            issue.edit(title=step.title, body=step.body, state="open")
        elif step.act is Act.UPDATE:
            issue.edit(title=step.title, body=step.body)
        if step.comment:  # last: one step that is tried again must not say it twice
            issue.create_comment(step.comment)
        return str(issue.html_url)

    def _unlabelled(self, made: Any) -> InputError:
        """GitHub drops labels, without a word, from issues of somebody who may not push ("Create an issue")."""
        made.edit(state="closed", state_reason="not_planned")
        return InputError(
            f"GitHub left out the label {self._label} of {made.html_url}, which was closed again: without it the issue "
            "would be made anew after every scan",
            hint="the token needs to push to that repository, or to triage its issues",
        )

    def _ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except InputError:
            raise
        except self._errors as error:
            status = getattr(error, "status", None)
            said = getattr(error, "data", None)
            message = said.get("message") if isinstance(said, dict) else None
            detail = f"{status} {message}" if status else type(error).__name__
            if "rate limit" in str(message).lower():
                raise InputError(
                    f"GitHub wants fewer requests: {detail} ({self._name})",
                    hint="run it again in an hour: what was written is found again, and is not written twice",
                ) from None
            raise InputError(
                f"GitHub refused: {detail} ({self._name})",
                hint="the token needs to read and write the issues of that repository",
            ) from None


TRACKERS: dict[str, Callable[..., Tracker]] = {"github": GitHub}
"""By name; more may come."""
