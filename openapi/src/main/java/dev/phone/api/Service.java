// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.ArrayList;
import java.util.List;

/** The implementation of the operations of a tag. The generated {@code Routes} selects it. */
public interface Service {

    /** For generated code: selects the implementation of each tag. */
    final class Choice {
        private final List<Service> left;

        /** @param implementations of one tag each */
        public Choice(Service... implementations) {
            left = new ArrayList<>(List.of(implementations));
        }

        /** The implementation of a tag; {@code fallback} if there is none. */
        public <T extends Service> T of(Class<T> tag, T fallback) {
            T found = left.stream().filter(tag::isInstance).map(tag::cast).findFirst().orElse(fallback);
            left.remove(found);
            return found;
        }

        /** @throws IllegalArgumentException if an implementation was not selected, because it implements no tag, or the same tag as another */
        public void end() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException(left.getFirst().getClass().getName() + " implements no tag, or one that another implements");
            }
        }
    }
}
