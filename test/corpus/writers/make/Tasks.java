// Writes the table with java.time and Apache Commons CSV. Arguments: the table (CSV, <null> for no value), the folder to write to.
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

public class Tasks {
  public static void main(String[] arguments) throws Exception {
    Path table = Path.of(arguments[0]);
    Path out = Path.of(arguments[1]);
    write(table, out.resolve("java-offset.csv"), CSVFormat.DEFAULT, due -> due);
    write(table, out.resolve("java-instant.csv"), CSVFormat.DEFAULT, due -> due.toInstant());
    write(table, out.resolve("java-zoned.csv"), CSVFormat.EXCEL, due -> due.atZoneSameInstant(ZoneId.of("Europe/Berlin")));
    write(table, out.resolve("java-mysql.tsv"), CSVFormat.MYSQL, due -> due);
    write(table, out.resolve("java-informix.csv"), CSVFormat.INFORMIX_UNLOAD_CSV, due -> due);
  }

  static void write(Path table, Path file, CSVFormat format, Function<OffsetDateTime, Object> time) throws Exception {
    CSVFormat read = CSVFormat.DEFAULT.withFirstRecordAsHeader().withNullString("<null>");
    try (Writer writer = Files.newBufferedWriter(file);
        CSVPrinter printer = new CSVPrinter(writer, format);
        CSVParser records = read.parse(Files.newBufferedReader(table))) {
      printer.printRecord("nr", "title", "detail", "dueAt", "isComplete");
      for (CSVRecord row : records) {
        String due = row.get("dueAt");
        String done = row.get("isComplete");
        printer.printRecord(
            row.get("nr"),
            row.get("title"),
            row.get("detail"),
            due == null ? null : time.apply(OffsetDateTime.parse(due)),
            done == null ? null : Boolean.valueOf(done));
      }
    }
  }
}
