# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs requests against the world, without any network: route, authenticate, limit, check, perform, answer.

Knows replays of request ids and how faults bend the work; sockets and delays are the listener's matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import prismsim.namespaces as _namespaces
from prismsim import batch, envelope, router, shape, validate
from prismsim.auth import Sessions
from prismsim.contract import catalog
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, Refusal
from prismsim.exchange import Reply, Request
from prismsim.faults import Fault, Faults, die_if
from prismsim.limits import Limiter
from prismsim.recovery import jobs
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Write
from prismsim.site import Site
from prismsim.store import Store
from prismsim.tasks import Task, Tasks

assert _namespaces.__all__  # importing the namespaces filled the registry

_FATES = {"task_failed": "failed", "task_canceled": "canceled", "task_never_ends": "never"}


class Engine:
    """The Prism Centrals of a world."""

    def __init__(self, store: Store, sites: dict[str, Site], faults: Faults) -> None:
        self.sites = sites
        self.faults = faults
        self._store = store
        self._sessions = {site_id: Sessions(site) for site_id, site in sites.items()}
        self._limiters = {site_id: Limiter() for site_id in sites}
        #: Answers what a Prism Central passes on to its clusters; None for what it answers itself.
        self.proxy: Callable[[str, Request, list[Fault]], Reply | None] = lambda site_id, request, hits: None
        for site in sites.values():
            site.tasks = Tasks(site, self._perform, _ended)

    def settle(self) -> None:
        """Perform everything that is due, on all sites."""
        worked = [site.tasks.settle() for site in self.sites.values()]
        if any(worked):
            self._store.commit()

    def expire_sessions(self) -> None:
        """End all sessions of all sites."""
        for sessions in self._sessions.values():
            sessions.expire()

    def handle(self, site: Site, request: Request, hits: list[Fault]) -> Reply:
        """Answer one request."""
        self.settle()
        extra: dict[str, str] = {}
        try:
            for fault in hits:
                if fault.do == "status":
                    raise _status_error(fault)
            extra.update(self._sessions[site.id].authenticate(request.headers))
            reply = self._answer(site, request, hits, extra)
        except ApiError as error:
            reply = self._failure(site, request, error)
        reply.headers = {**extra, **reply.headers}
        self._store.commit()
        return reply

    def _answer(self, site: Site, request: Request, hits: list[Fault], extra: dict[str, str]) -> Reply:
        passed_on = self.proxy(site.id, request, hits)
        if passed_on is not None:
            return passed_on
        if request.method == "OPTIONS":
            version = router.version_info(site, request.path)
            if version is not None:
                return Reply(200, {}, dump({"data": version}))
        contract, operation, params = router.route(site, request.method, request.path)
        if site.profile.limits:
            extra.update(self._limiters[site.id].count(operation))
        call = Call(site, operation, contract, request.path, params, request.query, request.headers, None)
        call.stale = any(fault.do == "stale_etag" for fault in hits)
        call.empty = any(fault.do == "empty_list" for fault in hits)
        call.body = _body(request)
        key = (operation.namespace, operation.id)
        if key in READS:
            return _success(call, READS[key](call))
        if key in WRITES:
            fate = next((_FATES[fault.do] for fault in hits if fault.do in _FATES), None)
            return self._once(call, request, WRITES[key], fate)
        text = f"prismsim does not simulate {operation.namespace} {operation.id} ({request.method} {request.path})."
        raise ApiError(501, [Message(text, "PRISMSIM-10501", "NOT_IMPLEMENTED")])

    def _once(self, call: Call, request: Request, write: Write, fate: str | None) -> Reply:
        """Do a write, or repeat the answer that its request id got before."""
        request_id = request.headers.get("ntnx-request-id")
        if request_id is None and call.site.switches.require_request_id:
            problem = Problem("NTNX-Request-Id", "The header NTNX-Request-Id is required", "@header")
            raise ApiError(400, problems=[problem])
        if request_id is not None and not validate.UUID.match(request_id):
            raise ApiError(400, problems=[Problem("NTNX-Request-Id", "The header NTNX-Request-Id is no uuid", "@header")])
        key = str(request_id)
        if not call.site.switches.request_id_ignores_path:
            key = f"{request.method} {request.path} {request_id}"
        known = self._store.get("replay", call.site.id, key) if request_id else None
        if known is not None:
            return Reply(known["status"], known["headers"], known["body"].encode())
        reply = self._write(call, write, fate)
        if request_id:
            saved = {"status": reply.status, "headers": reply.headers, "body": reply.body.decode()}
            self._store.put("replay", call.site.id, key, saved)
        return reply

    def _write(self, call: Call, write: Write, fate: str | None) -> Reply:
        work = {"namespace": call.operation.namespace, "operation": call.operation.id, **write.accept(call)}
        tasks = call.site.tasks
        if write.reply is not None:
            try:
                outcome = write.perform(call.site, work)
            except Refusal as refusal:
                raise ApiError(refusal.status, refusal.messages) from refusal
            return _success(call, write.reply(call, outcome))
        if "batch" in work:
            task = batch.start(tasks, call.site, work, fate)
        elif write.begin is not None:
            task = write.begin(call.site, work, fate)
        else:
            task = tasks.submit(write.title, work, fate)
        tasks.settle()
        return _accepted(call, task)

    def _perform(self, site: Site, task: Task) -> Outcome:
        work = task["work"]
        if "item" in work:
            return self._item(site, task)
        if "batch" in work:
            return batch.perform_batch(site, {**work, "task": task})
        if "plan" in work:
            faults = jobs.StepFaults(
                lambda path: self.faults.strike(site.id, "STEP", path), lambda action, hits: die_if(action, hits, self._store)
            )
            return jobs.perform(site, task, faults)
        return WRITES[work["namespace"], work["operation"]].perform(site, work)

    def _item(self, site: Site, task: Task) -> Outcome:
        """One item of a batch, as if it had come alone. Raises Refusal for whatever is wrong with it."""
        if batch.must_stop(site.tasks, task):
            site.tasks.cancel(task)
            return Outcome()
        item = task["work"]["item"]
        hits = self.faults.strike(site.id, item["method"], item["uri"])
        die_if("kill_before", hits, self._store)
        for fault in hits:
            if fault.do == "task_canceled":
                site.tasks.cancel(task)
                return Outcome()
            if fault.do == "task_never_ends":
                task["fate"] = "never"
                return Outcome()
            if fault.do in ("task_failed", "status"):
                raise Refusal([Message("The item failed on demand of a fault.", "PRISMSIM-20000")])
        try:
            contract, operation, params = router.route(site, item["method"], item["uri"])
            write = WRITES.get((operation.namespace, operation.id))
            if write is None:
                text = f"prismsim does not simulate {operation.id} in a batch."
                raise ApiError(501, [Message(text, "PRISMSIM-10501", "NOT_IMPLEMENTED")])
            call = Call(site, operation, contract, item["uri"], params, {}, item["headers"], item["body"])
            call.stale = any(fault.do == "stale_etag" for fault in hits)
            outcome = write.perform(site, write.accept(call))
        except ApiError as error:
            raise Refusal(error.messages or [Message(str(error), "PRISMSIM-10400", "SCHEMA_VALIDATION")]) from error
        die_if("kill_after", hits, self._store)
        return outcome

    def _failure(self, site: Site, request: Request, error: ApiError) -> Reply:
        if error.status == 401 and not site.switches.unauthorized_has_body:
            return Reply(401, dict(error.headers), b"")
        namespace, minor = router.error_namespace(site, request.path)
        data = error.data(namespace, request.path, site.now())
        return Reply(error.status, dict(error.headers), envelope.failure(namespace, minor, data, site.url + request.path))


def _ended(site: Site, task: Task) -> None:
    batch.close(site, task)
    jobs.close(site, task)


def _body(request: Request) -> Any:
    if not request.body:
        return None
    if request.headers.get("content-type", "").startswith("application/octet-stream"):
        return request.body
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise ApiError(400, problems=[Problem("", f"The request body is no JSON: {error}")]) from error


def _success(call: Call, answer: Answer) -> Reply:
    if answer.raw is not None:
        return Reply(200, {"Content-Type": "application/octet-stream", **answer.headers}, answer.raw)
    body = b"" if answer.status == 204 else envelope.success(call, answer)
    return Reply(answer.status, answer.headers, body)


def _accepted(call: Call, task: Task) -> Reply:
    model = "prism.v4.config.TaskReference"
    minor = call.site.minor("prism")
    item = dump(shape.answer({"extId": task["id"]}, model, catalog("prism", minor)))
    body = envelope.success(call, Answer(202, item, model=model))
    location = f"{call.site.url}/api/prism/v4.{minor}/config/tasks/{task['id']}"
    return Reply(202, {"Location": location}, body)


def _status_error(fault: Fault) -> ApiError:
    texts = {
        401: Message("Authentication is required.", "PRISMSIM-10401", "AUTHENTICATION_REQUIRED"),
        403: Message("Access Denied because no or incorrect permissions were set in the request.", "RBA-10001", "RBAC_AUTHORIZATION_ERROR"),
        429: Message("Too many requests.", "PRISMSIM-10429", "RATE_LIMIT_EXCEEDED"),
    }
    message = texts.get(fault.status, Message("The service is not available.", "PRISMSIM-10503", "SERVICE_UNAVAILABLE"))
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return ApiError(fault.status, [message], headers=headers)
