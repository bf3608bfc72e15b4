// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/v1/projects?a=b, /v1/projects, a=b", "http://host/v1?x, /v1, x", "https://h:1, /, ''", "http://h?x, /, x", "*, *, ''",
        "h:443, h:443, ''", "//v1, //v1, ''", "/a?b?c, /a, b?c"})
    void isAPathAndAQuery(String text, String path, String query) {
        assertEquals(new RequestTarget(path, query), RequestTarget.of(text));
    }

    @Test
    void aParameterWithoutAnEqualsSignIsThereAndEmpty() {
        RequestTarget target = RequestTarget.of("/?limit&a=1&&a=%32+x&=y&b=&c==&%61=3&a");
        assertEquals(List.of(""), target.query("limit"));
        assertEquals(List.of("1", "2 x", "3", ""), target.query("a"));
        assertEquals(List.of(""), target.query("b"));
        assertEquals(List.of("="), target.query("c"));
        assertEquals(List.of(), target.query("d"));
        assertEquals(List.of(), target.query(""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/a?x=[1]{2}|a:b\\^`, true", "/%, false", "/%4, false", "/%zz, false", "/?a=%4g, false", "/%00, true", "/a#b, false", "/\u00e9, false",
        "'', false", "/a b, false", "/\u007f, false", "/!~, true", "/%09%90%af%fa%AF%FA, true", "/%0/, false", "/%:0, false", "/%@0, false", "/%G0, false",
        "/%`0, false", "/%0g, false"})
    void isPrintableAsciiWithWholePercentEncodings(String text, boolean wellFormed) {
        assertEquals(wellFormed, RequestTarget.isWellFormed(text));
    }
}
