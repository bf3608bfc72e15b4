// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.phone.mock.MockOptions;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers that a test on one machine cannot be. */
class AdminGuardTest {
    private static int status(AdminGuard guard, String caller, String host) {
        Request request = new Request(null, null) {
            @Override
            public String getRemoteAddr() {
                return caller;
            }

            @Override
            public String getLocalAddr() {
                return "192.0.2.1";
            }
        };
        request.setMetaData(new MetaData.Request("GET", HttpURI.from("/__admin/mappings"), HttpVersion.HTTP_1_1, HttpFields.build().add("Host", host)));
        AdminGuard.Refusal refusal = guard.refusal(request);
        return refusal == null ? 200 : refusal.status();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            127.0.0.1,       localhost:4010,  200
            127.9.9.9,       localhost:4010,  200
            ::1,             localhost:4010,  200
            192.0.2.9,       localhost:4010,  403
            10.1.2.3,        localhost:4010,  200
            10.1.2.3,        192.0.2.1:4010,  200
            10.1.2.3,        phone-mock:4010, 200
            10.1.2.3,        192.0.2.2:4010,  403
            10.1.2.3,        other:4010,      403
            203.0.113.7,     localhost:4010,  200
            203.0.113.8,     localhost:4010,  403
            """)
    void asTheOptionsSay(String caller, String host, int status) {
        assertEquals(status, status(new AdminGuard("0.0.0.0", List.of("10.0.0.0/8", "203.0.113.7"), List.of("Phone-Mock")), caller, host));
    }

    @Test
    void onlyThisMachineUnlessTold() {
        AdminGuard guard = new AdminGuard("0.0.0.0", List.of(), List.of());
        assertEquals(200, status(guard, "127.0.0.1", "localhost"));
        assertEquals(403, status(guard, "10.1.2.3", "localhost"));
        assertEquals(403, status(guard, "127.0.0.1", "phone-mock"));
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new MockOptions().adminFrom(List.of("10.0.0.0/99")));
    }
}
