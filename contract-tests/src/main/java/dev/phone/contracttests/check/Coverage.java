// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.check;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which operation has answered with which status, by target, in this run. */
public final class Coverage {
    private static final Map<String, Set<String>> SEEN = new ConcurrentHashMap<>();

    private Coverage() {
    }

    public static void record(String target, String operation, int status) {
        SEEN.computeIfAbsent(target, name -> ConcurrentHashMap.newKeySet()).add(operation + " " + status);
    }

    public static Set<String> of(String target) {
        return SEEN.getOrDefault(target, Set.of());
    }

    public static Set<String> targets() {
        return SEEN.keySet();
    }
}
