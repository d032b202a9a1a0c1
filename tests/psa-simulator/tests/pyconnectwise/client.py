"""What an integrator does with pyconnectwise, a client that others wrote, against the simulator.

Prints what it saw as one line of JSON. Arguments: host with port, company (record id)."""

import json
import sys

from pyconnectwise import ConnectWiseManageAPIClient
from pyconnectwise.exceptions import MalformedRequestException, NotFoundException
from pyconnectwise.models.manage import PatchOperation  # noqa: F401  (the model exists; bodies are plain)

host, company = sys.argv[1], int(sys.argv[2])
keys = json.loads(sys.stdin.read())
client = ConnectWiseManageAPIClient("training", host, keys["client_id"], keys["public"], keys["private"])
seen = {"codebase": client.codebase}

# Contacts: list, filter, page.
contacts = client.company.contacts
of_company = {"conditions": f"company/id={company}", "orderBy": "id asc"}
listed = contacts.get(params=of_company)
seen["listed"] = [contact.id for contact in listed]
paged = contacts.paginated(1, 2, params=of_company)
seen["paged"] = [contact.id for contact in paged.all()]
seen["count"] = contacts.count.get(params={"conditions": f"company/id={company}"}).count
found = contacts.get(params={"childConditions": 'communicationItems/value like "ann@acme.example"'})
seen["found"] = [f"{contact.first_name} {contact.last_name}" for contact in found]
active = contacts.get(params={"conditions": f"company/id={company} and inactiveFlag=false"})
seen["active"] = [contact.first_name for contact in active]

# Create, patch, deactivate.
made = contacts.post(
    data={
        "firstName": "Dirk",
        "lastName": "Dewit",
        "company": {"id": company},
        "communicationItems": [
            {"type": {"id": 1}, "value": "dirk@acme.example", "communicationType": "Email", "defaultFlag": True}
        ],
    }
)
seen["made"] = [made.id, made.inactive_flag, made.communication_items[0].value]
one = contacts.id(made.id)
patched = one.patch(data=[{"op": "replace", "path": "title", "value": "Buyer"}])
seen["patched"] = patched.title
off = one.patch(data=[{"op": "replace", "path": "inactiveFlag", "value": True}])
seen["deactivated"] = [off.inactive_flag, one.get().inactive_flag]
try:
    contacts.post(data={"lastName": "Nobody"})
except MalformedRequestException as error:
    seen["refused"] = error.response.json()["errors"][0]["field"]
try:
    contacts.id(1).get()
except NotFoundException as error:
    seen["missing"] = error.response.json()["code"]

# Notes.
notes = client.company.companies.id(company).notes
note = notes.post(data={"text": "first\nline"})
changed = notes.id(note.id).patch(data=[{"op": "replace", "path": "text", "value": "second"}])
seen["notes"] = [note.text, changed.text, [other.text for other in notes.get()]]

# Agreements and additions.
agreement = client.finance.agreements.get(params={"conditions": f"company/id={company}"})[0]
additions = client.finance.agreements.id(agreement.id).additions
users = additions.get(params={"conditions": 'product/identifier="MS-USER"'})[0]
more = additions.id(users.id).patch(data=[{"op": "replace", "path": "quantity", "value": 12}])
seen["agreement"] = [agreement.name, agreement.agreement_status]
seen["quantity"] = [users.quantity, more.quantity, more.billed_quantity, more.ext_price]
new = additions.post(data={"product": {"identifier": "MAIL-USER"}, "billCustomer": "Billable", "quantity": 3})
seen["addition"] = [new.agreement_id, new.quantity, new.unit_price]
try:
    additions.post(data={"product": {"identifier": "ONBOARDING"}, "billCustomer": "Billable"})
except MalformedRequestException as error:
    seen["bundle"] = error.response.json()["errors"][0]["field"]

print(json.dumps(seen))
