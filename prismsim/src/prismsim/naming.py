"""What people call an object: its name, ``key/value`` for a category, ``vpc/subnet`` for an overlay subnet."""

from __future__ import annotations

from prismsim.objects import Record
from prismsim.site import Site


def readable_name(site: Site, record: Record) -> str:
    """The name that estates, the control API and references (``@kind:name``) use."""
    document = record.document
    if record.kind == "category":
        return f"{document['key']}/{document['value']}"
    if record.kind == "domain_manager":
        return site.id
    if record.kind == "subnet":
        vpc = site.objects.find("vpc", document.get("vpcReference", ""))
        return f"{vpc.document['name']}/{document['name']}" if vpc else str(document["name"])
    if record.kind == "storage_container":
        return f"{document['clusterName']}/{document['name']}"
    if record.kind == "entity_sync_policy":
        return f"{document['entityType']}/{document['entityName']}"
    return str(document.get("name") or record.id)


def find_named(site: Site, kind: str, name: str) -> Record | None:
    """The object of this kind that people call so, or None."""
    return next((record for record in site.objects.all(kind) if readable_name(site, record) == name), None)
