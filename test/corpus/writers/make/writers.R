# Writes the table with base R. Arguments: the table (CSV, <null> for no value), the folder to write to.
arguments <- commandArgs(trailingOnly = TRUE)
tasks <- read.csv(arguments[1], na.strings = "<null>", colClasses = "character", encoding = "UTF-8", check.names = FALSE)
tasks$isComplete <- as.logical(toupper(tasks$isComplete))
offsets <- sub("Z$", "+0000", sub("([+-][0-9]{2}):([0-9]{2})$", "\\1\\2", tasks$dueAt))
tasks$dueAt <- as.POSIXct(offsets, format = "%Y-%m-%dT%H:%M:%OS%z", tz = "UTC")
out <- function(name) file.path(arguments[2], name)

write.csv(tasks, out("r-write-csv.csv"))
write.csv(tasks, out("r-write-csv-plain.csv"), row.names = FALSE, na = "")
write.csv2(tasks, out("r-write-csv2.csv"), row.names = FALSE)
write.table(tasks, out("r-write-table.txt"))
write.table(tasks, out("r-write-table-tabs.tsv"), sep = "\t", row.names = FALSE, quote = FALSE)
write.table(tasks, out("r-write-table-commas.csv"), sep = ",", qmethod = "double")
