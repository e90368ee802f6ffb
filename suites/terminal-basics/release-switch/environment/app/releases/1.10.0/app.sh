#!/bin/bash
echo "shop 1.10.0"
