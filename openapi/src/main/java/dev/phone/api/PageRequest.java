// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which part of a list is asked for: so many items, from the one after which the page before ended. */
public final class PageRequest {
    private final Cursors cursors;
    private final String[] list;
    private final int limit;
    private final String last;

    /**
     * @param list what the list is of, as {@link Cursors} has it
     * @param limit how many items at most
     * @param cursor null or {@link Rules#PAGES_FIRST} for the first page
     * @throws ApiError a 422 when it is no cursor of this list
     */
    public PageRequest(Cursors cursors, String[] list, int limit, String cursor) {
        this.cursors = cursors;
        this.list = list;
        this.limit = limit;
        boolean first = cursor == null || cursor.equals(Rules.PAGES_FIRST);
        this.last = first ? null : cursors.read(list, cursor);
        if (!first && last == null) {
            throw ApiError.foreignCursor();
        }
    }

    /**
     * For generated routes: the page that the parameters {@code limit} and {@code cursor} ask for.
     *
     * @param parameters all others, as they are given to the implementation
     */
    public static PageRequest read(Cursors cursors, Input input, Operation operation, Caller caller, Object... parameters) {
        String[] list = Stream.concat(Stream.of(operation.id(), caller.id()), Arrays.stream(parameters).map(value -> Objects.toString(value, null)))
                .toArray(String[]::new);
        return new PageRequest(cursors, list, input.integer("limit"), input.text("cursor"));
    }

    /** How many items to look for: one more than the page holds, to know whether the list goes on. */
    public int fetchLimit() {
        return limit + 1;
    }

    /** The ID of the last item of the page before; null for the first page. */
    public String last() {
        return last;
    }

    /**
     * @param found the items that follow {@link #last}, in the order of the list; {@link #fetchLimit} of them if there are so many
     * @param id what the list is sorted by
     */
    public <T> Page<T> of(List<T> found, Function<? super T, String> id) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, cursors.write(list, id.apply(items.getLast())));
    }
}
