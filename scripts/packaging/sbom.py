"""Prints what the program is made of as an SPDX document: sbom.py VERSION PACKAGE.RESOLVED CHECKOUTS."""

import datetime
import json
import os
import sys

# How a licence's text begins, and its SPDX identifier.
LICENCES = (("Apache License", "Apache-2.0"), ("MIT License", "MIT"), ("Permission is hereby granted, free of charge", "MIT"),
            ("ISC License", "ISC"), ("BSD 3-Clause", "BSD-3-Clause"))
# Linked from the system, as the package's dependencies name them.
SYSTEM = (("ncurses", "X11"), ("sqlite3", "blessing"), ("zlib", "Zlib"))


def licence(folder):
    for name in sorted(os.listdir(folder)):
        if name.upper().startswith(("LICENSE", "LICENCE", "COPYING")) and os.path.isfile(os.path.join(folder, name)):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                text = file.read()
            for words, identifier in LICENCES:
                if words in text:
                    return identifier
    return "NOASSERTION"


def package(name, version, location, identifier):
    return {"SPDXID": f"SPDXRef-{name.replace('_', '-')}", "name": name, "versionInfo": version, "downloadLocation": location,
            "licenseConcluded": identifier, "licenseDeclared": identifier, "copyrightText": "NOASSERTION",
            "filesAnalyzed": False}


def main():
    version, resolved, checkouts = sys.argv[1:]
    with open(resolved, encoding="utf-8") as file:
        pins = json.load(file)["pins"]
    packages = [package("deepcritic", version, "NOASSERTION", "MIT")]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        # A package that is configured but not checked out is not part of the program.
        folder = os.path.join(checkouts, os.path.splitext(os.path.basename(pin["location"]))[0])
        if os.path.isdir(folder):
            location = f"git+{pin['location']}@{pin['state']['revision']}"
            packages.append(package(pin["identity"], pin["state"].get("version", "NOASSERTION"), location, licence(folder)))
    packages += [package(name, "NOASSERTION", "NOASSERTION", identifier) for name, identifier in SYSTEM]
    created = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"deepcritic-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/deepcritic-{version}-{int(created.timestamp())}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: scripts/package"]},
        "packages": packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                           "relatedSpdxElement": "SPDXRef-deepcritic"}]
                         + [{"spdxElementId": "SPDXRef-deepcritic", "relationshipType": "DEPENDS_ON",
                             "relatedSpdxElement": other["SPDXID"]} for other in packages[1:]],
    }, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
