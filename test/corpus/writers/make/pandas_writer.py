"""Writes the table with pandas and with Python's own csv module. Arguments: the table (JSON Lines), the folder to write to."""

import csv
import json
import sys

import pandas as pd

table, out = sys.argv[1:]
rows = [json.loads(line) for line in open(table, encoding="utf-8")]
frame = pd.DataFrame(rows)
frame["dueAt"] = pd.to_datetime(frame["dueAt"], utc=True)

# What people write without an option: the index is the first column, booleans beside NaN are objects.
frame.to_csv(f"{out}/pandas.csv")
frame.to_csv(f"{out}/pandas-no-index-mark.csv", index=False, encoding="utf-8-sig", na_rep="NaN")
frame.to_csv(f"{out}/pandas-utf16.csv", index=False, encoding="utf-16", sep="\t", lineterminator="\r\n")
frame.assign(isComplete=frame["isComplete"].astype(float)).to_csv(f"{out}/pandas-floats.csv", index=False)
frame.assign(dueAt=frame["dueAt"].dt.tz_convert("Europe/Berlin")).to_csv(f"{out}/pandas-berlin.csv", index=False)
frame.assign(dueAt=frame["dueAt"].dt.tz_localize(None)).to_csv(f"{out}/pandas-no-zone.csv", index=False)
frame.assign(dueAt=frame["dueAt"].dt.strftime("%Y-%m-%dT%H:%M:%S%z")).to_csv(f"{out}/pandas-strftime.csv", index=False)
frame.to_json(f"{out}/pandas-iso.jsonl", orient="records", lines=True, date_format="iso")
frame.to_json(f"{out}/pandas-epoch.jsonl", orient="records", lines=True)
frame.to_csv(f"{out}/pandas.csv.gz", index=False, compression={"method": "gzip", "mtime": 1})

with open(f"{out}/python-csv.csv", "w", encoding="utf-8", newline="") as file:
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
with open(f"{out}/python-csv-unix.csv", "w", encoding="utf-8", newline="") as file:
    writer = csv.DictWriter(file, fieldnames=list(rows[0]), dialect="unix", escapechar="\\", doublequote=False)
    writer.writeheader()
    writer.writerows(rows)
