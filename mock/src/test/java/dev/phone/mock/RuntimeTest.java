// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The small Java runtime that `mvn -Pdist` makes has the modules that our classes need. */
class RuntimeTest {
    @Test
    void hasTheModulesThatWeUse() throws Exception {
        Matcher modules = Pattern.compile("<dist.modules>(.*)</dist.modules>").matcher(Files.readString(Path.of("pom.xml")));
        modules.find();
        StringWriter printed = new StringWriter();
        Path classes = Path.of(MockOptions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(printed), new PrintWriter(printed), "--ignore-missing-deps", "--print-module-deps",
                "--multi-release", "base", classes.toString());
        Set<String> needed = new TreeSet<>(Set.of(printed.toString().strip().split(",")));
        needed.removeAll(Set.of(modules.group(1).split(",")));
        assertEquals(Set.of(), needed);
    }
}
