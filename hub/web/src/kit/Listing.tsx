import { count } from "@catena/web/money.ts";
import { Empty, Table, type TableProps } from "antd";
import { useWords } from "../words";
import type { Column } from "./columns";
import { Save } from "./Export";
import { Failure } from "./Failure";

interface Props<T extends object> {
  /** What the table is, for those who do not see it. */
  label: string;
  columns: Column<T>[];
  /** Usually the answer of `useList`. */
  of: { data: { rows: T[]; total?: number } | undefined; isFetching?: boolean; isPending?: boolean; isPlaceholderData?: boolean; error: unknown; refetch: () => unknown };
  rowKey: (row: T) => string;
  /** Rows on one page of the table; 0 = all on one. */
  pageRows?: number;
  empty?: string;
  rowClass?: (row: T) => string;
  more?: Pick<TableProps<T>, "expandable" | "scroll" | "summary">;
}

/** A table that sorts, filters and pages what was read; what was too much to read is said. */
export function Listing<T extends object>({ label, columns, of, rowKey, pageRows = 20, empty, rowClass, more = {} }: Props<T>) {
  const { t } = useWords();
  const rows = of.data?.rows ?? [];
  const total = of.data?.total ?? rows.length;
  return (
    <div className="listing" role="region" aria-label={label}>
      <Failure of={of} />
      <Table<T>
        size="small"
        columns={columns}
        dataSource={rows}
        rowKey={rowKey}
        loading={(of.isPending ?? false) || (of.isPlaceholderData ?? false)}
        {...(rowClass === undefined ? {} : { rowClassName: rowClass })}
        showSorterTooltip={false}
        locale={{ emptyText: of.isPending === true ? <p className="soft">{t("loading")}</p> : <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty ?? t("table.empty")} /> }}
        pagination={
          pageRows === 0
            ? false
            : {
                defaultPageSize: pageRows,
                showSizeChanger: true,
                pageSizeOptions: [10, 20, 50, 100],
                hideOnSinglePage: rows.length <= 10,
                showTotal: (shown) => (total > rows.length ? t("table.part", { shown: count(rows.length), total: count(total) }) : t("table.total", { n: count(shown) })),
              }
        }
        {...more}
      />
    </div>
  );
}

interface PartProps<T extends object> {
  title: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  pageRows?: number;
  empty?: string;
}

/** A part of a side panel: a table that the page holds whole, under its title, and the same as a file. */
export function Part<T extends object>({ title, columns, rows, rowKey, pageRows = 10, empty }: PartProps<T>) {
  return (
    <>
      <header className="part-head">
        <h3>{title}</h3>
        <Save title={title} columns={columns} rows={rows} />
      </header>
      <Listing label={title} columns={columns} of={{ data: { rows }, error: null, refetch: () => undefined }} rowKey={rowKey} pageRows={pageRows} {...(empty === undefined ? {} : { empty })} />
    </>
  );
}
