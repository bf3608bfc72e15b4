// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide on errors lists the codes of the contract with their statuses, and no other. */
class ErrorsGuideTest {
    private static final Pattern ROW = Pattern.compile("^\\| ([0-9]{3}) \\| `([^`]+)` \\|", Pattern.MULTILINE);

    @Test
    void theTableIsThatOfTheContract() throws IOException {
        List<String> written = ROW.matcher(Files.readString(Path.of("guides/errors.md"))).results()
                .map(row -> row.group(1) + " " + row.group(2)).toList();
        List<String> codes = Stream.of(ErrorCode.values()).map(code -> code.status() + " " + code.text()).sorted().toList();
        assertEquals(codes, written, "openapi/guides/errors.md and openapi/components/schemas/ErrorCode.yaml");
    }
}
