// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.phone.contracttests.contract.TheContract;
import dev.phone.contracttests.diff.Released.Release;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever was promised something by a release keeps it, or is told by the version. */
class ReleasedTest {
    private static final JsonObject CONTRACT = TheContract.CONTRACT.json();

    @TempDir
    Path directory;

    @Test
    void theContractKeepsWhatTheLastReleasePromised() {
        String objection = Released.objection(Released.latest(Path.of(System.getProperty("phone.root"), "openapi", "released")), CONTRACT);
        if (!objection.isEmpty()) {
            fail(objection);
        }
    }

    @Test
    void aBreakingChangeNeedsAMajorVersion() {
        Release last = new Release(Path.of("1.4.0.json"), version("1.4.0"));
        JsonObject broken = Json.createPatchBuilder().remove("/paths/~1v1~1otp~1resend")
                .replace("/components/parameters/Limit/schema/maximum", 50).build().apply(version("1.5.0"));
        assertEquals("""
                The contract breaks what version 1.4.0 promised (1.4.0.json), and info.version is 1.5.0:

                  - listProjects, query limit: maximum was 100, is 50 (Limit, in 8 operations)
                  - resendOtp is gone, was POST /v1/otp/resend

                Revert the change, or raise info.version in openapi/phone.yaml to 2.0.0. For the full comparison, run mvn -Pdiff
                """, Released.objection(last, broken));
        assertEquals("", Released.objection(last, Json.createPatchBuilder().replace("/info/version", "2.0.0").build().apply(broken)));
    }

    @Test
    void aVersionIsNotTakenBack() {
        assertEquals("info.version is 1.3.9, but 1.4.0 has already been released; raise it in openapi/phone.yaml\n",
                Released.objection(new Release(Path.of("1.4.0.json"), version("1.4.0")), version("1.3.9")));
    }

    @Test
    void theLatestIsTheOneOfTheHighestVersion() throws Exception {
        for (String version : new String[] {"1.9.0", "1.10.0", "0.99.99"}) {
            Files.writeString(directory.resolve(version + ".json"), version(version).toString());
        }
        assertEquals("1.10.0", Released.latest(directory).version().toString());
    }

    @Test
    void aVersionIsThreeNumbers() {
        assertEquals("info.version is 1.0; write three numbers, such as 1.2.0",
                assertThrows(IllegalArgumentException.class, () -> Released.Version.of(version("1.0"))).getMessage());
    }

    private static JsonObject version(String version) {
        return Json.createPatchBuilder().replace("/info/version", version).build().apply(CONTRACT);
    }
}
